use proptest::prelude::*;

use super::*;

/// Marks without their pseudonyms: `‹cpf›`.
fn bare_marks(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match pseudonym::mark_at(text.as_bytes(), at) {
            Some(end) => {
                out.push_str(text[at..end].split(':').next().expect("a label"));
                out.push('›');
                at = end;
            }
            None => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    out
}

fn masked_marks(text: &str) -> String {
    bare_marks(&safe(text))
}

#[test]
fn escapes_go_and_text_stays() {
    for (text, expected) in [
        ("plain text", "plain text"),
        ("Emergência ✓ 日本語 👩‍⚕️", "Emergência ✓ 日本語 👩⚕️"),
        ("\u{1b}[31mred\u{1b}[0m", "red"),
        ("\u{1b}[38;2;1;2;3mx", "x"),
        ("\u{1b}[?25lhidden\u{1b}[2J", "hidden"),
        ("\u{1b}]0;title\u{7}after", "after"),
        ("\u{1b}]8;;http://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
        ("\u{1b}]52;c;ZXZpbA==\u{9c}after", "after"),
        ("\u{9d}0;title\u{7}after", "after"),
        ("\u{9b}31mred", "red"),
        ("\u{1b}P+q544e\u{1b}\\after", "after"),
        ("\u{90}data\u{9c}after", "after"),
        ("\u{1b}_apc\u{1b}\\\u{1b}^pm\u{1b}\\\u{1b}Xsos\u{1b}\\after", "after"),
        ("\u{1b}(Bcharset\u{1b}=\u{1b}7\u{1b}c", "charset"),
        ("\u{1b}]0;never ended", "0;never ended"),
        ("\u{1b}]0;ended by a line\nnext\u{7}", "0;ended by a line\nnext"),
        ("\u{1b}]0;nested\u{1b}[31mred\u{7}", "0;nestedred"),
        ("\u{1b}[31", "31"),
        ("\u{1b}[é", "é"),
        ("\u{1b}", ""),
        ("\u{1b}é", "é"),
        ("a\u{8}b\0c\u{7f}d", "abcd"),
        ("one\r\ntwo\rthree\u{85}four\u{2028}five", "one\ntwo\nthree\nfour\nfive"),
        ("tab\tstays", "tab\tstays"),
        ("user\u{202e}nimda\u{202c}", "usernimda"),
        ("a\u{2066}b\u{2069}c\u{200b}d\u{feff}e\u{61c}f\u{e0041}g", "abcdefg"),
    ] {
        assert_eq!(clean(text), expected, "{text:?}");
    }
    assert!(matches!(clean("plain"), Cow::Borrowed(_)));
    assert!(matches!(clean("acentuação"), Cow::Borrowed(_)));
}

#[test]
fn lines_fold_into_one() {
    for (text, expected) in [
        ("one line", "one line"),
        ("two\nlines", "two lines"),
        (" a \n\n\t b\t", "a b"),
        ("\n", ""),
        ("a\r\nb", "a b"),
        ("  spaces stay  ", "  spaces stay  "),
    ] {
        assert_eq!(clean_line(text), expected, "{text:?}");
    }
}

#[test]
fn formatted_identifiers_are_masked() {
    for (text, expected) in [
        ("CPF 123.456.789-09 denied", "CPF ‹cpf› denied"),
        ("paciente-123.456.789-09", "paciente-‹cpf›"),
        ("cpf=123.456.789\u{2011}09.", "cpf=‹cpf›."),
        ("123.456.\u{200b}789-09", "‹cpf›"),
        ("12\u{1b}[1m3.456.789-09", "‹cpf›"),
        ("12.345.678/0001-95", "‹cnpj›"),
        ("12.ABC.345/01DE-35", "‹cnpj›"),
        ("AB.CDE.FGH/IJ1L-99", "‹cnpj›"),
        ("12.abc.345/01de-35", "‹cnpj›"),
        ("CNS 700 0000 0000 0005", "CNS ‹cns›"),
        ("898.0000.0004.3208", "‹cns›"),
        ("4111 1111 1111 1111", "‹card›"),
        ("card 5500-0000-0000-0004, paid", "card ‹card›, paid"),
        ("3782 822463 10005", "‹card›"),
        ("6362 9700 0045 7013 123", "‹card›"),
        ("ana.souza+x@hospital.com.br wrote", "‹email› wrote"),
        ("<ana@hospital.com.br>", "<‹email›>"),
        ("joão@saúde.gov.br", "‹email›"),
        ("+55 11 91234-5678", "‹phone›"),
        ("+5511912345678", "‹phone›"),
        ("+55 (11) 91234-5678", "‹phone›"),
        ("tel: (11) 91234-5678", "tel: ‹phone›"),
        ("(11) 9 1234-5678", "‹phone›"),
        ("(11)912345678", "‹phone›"),
        ("(011) 3456-7890", "‹phone›"),
        ("11 91234-5678", "‹phone›"),
        ("tel:11-91234-5678", "tel:‹phone›"),
        ("21 3456-7890 ramal 12", "‹phone› ramal 12"),
        ("celular: 91234-5678", "celular: ‹phone›"),
        ("CRM 12345-SP", "CRM ‹crm›"),
        ("12345-SP", "‹crm›"),
        ("by 123456-RJ.", "by ‹crm›."),
        ("CRM/SP 1234", "CRM/‹crm›"),
        ("crm-RJ nº 52123", "crm-‹crm›"),
        ("CRM 1234/SP", "CRM ‹crm›"),
        ("http://ana:pa55@prom.hospital.br/x", "http://‹credentials›@prom.hospital.br/x"),
        ("http://ana:p@ss@prom/x", "http://‹credentials›@prom/x"),
        ("a@b.com,123.456.789-09;c@d.org", "‹email›,‹cpf›;‹email›"),
        ("123.456.789-09 987.654.321-00", "‹cpf› ‹cpf›"),
    ] {
        assert_eq!(masked_marks(text), expected, "{text:?}");
    }
}

/// What operators read all day and must be able to read: nothing here is anybody's identifier.
const INNOCENT: &str = r#"
127.0.0.1:9090
10.192.168.100-20
192.168.100.200
fe80::1:2345:6789:abcd
2001:0db8:1234:5678:9012:3456:7890:1234
bcc1dae7-404c-4589-954a-0203c2c51948
12345678-1234-1234-1234-123456789012
00000000-0000-0000-0000-000000000000
4bf92f3577b34da6a3ce929d0e0e4736
00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
1b8afa615ae6cddf
12345678901234567890123456789012
2026-11-22T05:11:35.645849796Z
2026-11-22 05:11:35 -0300
2026-11-22 05:11:35,123
22/11/2026 03:12
1795324296.027
1795324296027
1795324296027123456
9.713709677419354s
1.7953242981807292e+09
-1.5e-07
6.1.0-18-amd64
v1.30.4+k3s1
1.100.200.300-10ubuntu1
postgres 15.3 (Debian 15.3-1.pgdg120+1)
go1.19.8
sha256:4c1f5e0a7d3b2a6e9f8c7b6a5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e
registry.example/app@sha256:4c1f5e0a7d3b
github.com/prometheus/client_golang@v1.19.0
github.com/acme/tool@v2.0.0-rc.one
user@1000.service
getty@tty1.service
dev-disk@by.device
root@mac-studio
00:1b:44:11:3a:b7
0011.2233.4455
rate(http_requests_total{code=~"5.."}[5m]) / 100 > 0.05
histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m]))) > 10
vector(1) - 2
sum(x) by (le) @ 1795324296
x offset 5m @ 1795324296.5
avg_over_time(up[1h:5m]) < 0.999
clamp(x, 1000, 2000)
buckets 1000 2000 3000 4000 5000 6000
buckets 1 10 100 1000 10000
1000-2000
2024-2025
12 2025-2026
12345-6789
(12) 20261122
job-11-91234-5678
api-7d9f8b6c5-x2x4k
crm-7d9f8b6c5-x2x4k
crm-backend-12345
pod-12345-SPx
feature 2024-SP
PR 1234-PR
www.foo.com/page-10
WW.FOO.COM/PAGE-10
http://127.0.0.1:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1
/dev/disk/by-id/wwn-0x5000c500a1b2c3d4
0x7ffee4c0a000
[GC (Allocation Failure) 2026-11-22T05:11:35.645-0300: 65536K->10720K(251392K), 0.0123456 secs]
10.244.3.17:8083: connect: connection refused
5432/tcp
141/256 GiB
CPU 89.39%
89012-3456-7890
exit status 137 (0x89)
INC-20261122031207
"#;

#[test]
fn ids_times_addresses_and_queries_are_no_identifiers() {
    for line in INNOCENT.lines() {
        assert_eq!(&*safe(line), line);
    }
    // And as one text: neighbours must not make an identifier out of two lines.
    assert_eq!(&*safe(INNOCENT), INNOCENT);
}

#[test]
fn hostile_lengths_take_no_square() {
    // Each would take minutes if it cost the square of its length.
    for text in [
        "12345-SP:".repeat(40_000),
        "4111 1111 1111 1111,".repeat(20_000),
        "1111 ".repeat(60_000),
        format!("{}@x.service", "a".repeat(300_000)),
        "://u@".repeat(60_000),
        "\u{90}".repeat(200_000),
        "\u{1b}]".repeat(2_000) + &"x".repeat(100_000),
    ] {
        let began = std::time::Instant::now();
        safe(&text);
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{}", &text[..20]);
    }
}

fn hex(id: u128) -> String {
    format!("{id:032x}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_unsafe_comes_out(text in r"(\PC|[\x00-\x1f]|\x1b\[|\x1b\]|[\x80-\x9f]|[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]|[0-9.@()+ /-]){0,60}") {
        let out = safe(&text);
        for c in out.chars() {
            prop_assert!(!c.is_control() || c == '\n' || c == '\t', "{out:?}");
            prop_assert!(!invisible::is_unwanted(c), "{out:?}");
        }
        prop_assert_eq!(&safe(&out), &out, "not idempotent");
        let line = safe_line(&text);
        prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        prop_assert_eq!(&safe_line(&line), &line, "line not idempotent");
    }

    #[test]
    fn dense_punctuated_digits_settle(text in r"([0-9]{2,5}[-. /@()]|\+55|CRM|SP|@a\.br|://|u:p@|\[|\]|[A-Z]{2}){0,12}") {
        let out = safe(&text);
        prop_assert_eq!(&safe(&out), &out);
    }

    #[test]
    fn words_stay(text in "[a-zA-Z_:]{1,12}( [a-zA-Z_:]{1,12}){0,6}") {
        // `cpf:` is the name of a field, whose value never stays.
        let small = text.to_lowercase();
        prop_assume!(!["cpf:", "cnpj:", "cns:", "crm:", "cnes:"].iter().any(|name| small.contains(name)));
        prop_assert_eq!(&*safe(&text), &text);
    }

    #[test]
    fn machine_numbers_stay(
        a in any::<u128>(), b in any::<u64>(), f in any::<f64>(), v in any::<[u8; 4]>(), s in 946_684_800_i64..4_102_444_800
    ) {
        let h = hex(a);
        let at = chrono::DateTime::from_timestamp(s, v[0].into()).expect("in range");
        for text in [
            h.clone(),
            format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..]),
            a.to_string(), format!("trace_id={b}"), format!("{f}"), format!("{f:e}"), format!("{f:?}"),
            format!("{}.{}.{}.{}:{}", v[0], v[1], v[2], v[3], b % 65_536),
            format!("{}.{}.{}", v[0], v[1], v[2]), format!("v{}.{}.{}-{}", v[0], v[1], v[2], v[3]),
            at.to_rfc3339(), at.to_rfc2822(), at.format("%Y-%m-%d %H:%M:%S%.9f").to_string(), s.to_string(),
            format!("rate(x_total{{a=\"b\"}}[{}m]) > {}", v[0], f),
        ] {
            prop_assert_eq!(&*safe(&text), &text);
        }
    }

    #[test]
    fn every_formatted_cpf_and_card_is_masked(d in prop::collection::vec(0_u8..10, 16)) {
        let t: String = d.iter().map(u8::to_string).collect();
        let cpf = format!("{}.{}.{}-{}", &t[..3], &t[3..6], &t[6..9], &t[9..11]);
        prop_assert_eq!(masked_marks(&format!("x {cpf} y")), "x ‹cpf› y");
        let card = format!("{} {} {} {}", &t[..4], &t[4..8], &t[8..12], &t[12..]);
        prop_assert_eq!(masked_marks(&format!("card {card}!")), "card ‹card›!");
    }
}
