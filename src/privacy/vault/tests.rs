use super::keep::Vault;
use super::query::open;
use super::*;
use crate::privacy::sealed::unseal;
use crate::privacy::{Fields, Key, Masker, Sealed};

const A: &str = "‹cpf:0a1b2c3d4e5f6a7b›";
const B: &str = "‹patient_name:ffff2c3d4e5f6a7b›";
const UNKNOWN: &str = "‹cns:eeee2c3d4e5f6a7b›";

/// Opens a query in which `A` and `B` stand for these.
fn opened(language: Language, query: &str, a: &[&str], b: &[&str]) -> Result<String, Unopened> {
    let query = query.replace("$A", A).replace("$B", B).replace("$U", UNKNOWN);
    let known = |mark: &str| -> Vec<Sealed<Box<str>>> {
        let all = match format!("‹{mark}›").as_str() {
            A => a,
            B => b,
            _ => &[],
        };
        all.iter().map(|raw| Sealed::new(Box::from(*raw))).collect()
    };
    open(language, &query, &known).map(|raw| raw.map_or(query.clone(), |raw| raw.to_string()))
}

#[test]
fn one_spelling_is_put_where_the_mark_stood_and_escaped_for_it() {
    use Language::{LogQl, PromQl, TraceQl};
    for (language, query, raw, expected) in [
        (LogQl, r#"{app="x"} |= "$A""#, "529.982.247-25", r#"{app="x"} |= "529.982.247-25""#),
        (LogQl, r#"{app="x"} |= "id $A, $A.""#, "1.2", r#"{app="x"} |= "id 1.2, 1.2.""#),
        (LogQl, "{app=`x`} |= `$A`", "529.982.247-25", "{app=`x`} |= `529.982.247-25`"),
        (LogQl, "{} |= `a\\n$A\"`", "x`y", r#"{} |= "a\\nx`y\"""#),
        (LogQl, "{} |~ `\\d+ $A`", "a`b.c", r#"{} |~ "\\d+ a`b\\.c""#),
        (LogQl, r#"{} |~ "^$A$""#, "a.b+c", r#"{} |~ "^a\\.b\\+c$""#),
        (LogQl, "{} !~ `^$A$`", "a.b+c", r"{} !~ `^a\.b\+c$`"),
        (LogQl, r#"{} |= "$A""#, "say \"hi\" \\ there\n\t\u{7}", r#"{} |= "say \"hi\" \\ there\n\t\u0007""#),
        (LogQl, r#"{} | json | patient_name="$A""#, "Ana Souza", r#"{} | json | patient_name="Ana Souza""#),
        (LogQl, r#"{} | label_format x="$A""#, "Ana", r#"{} | label_format x="Ana""#),
        (LogQl, r#"{} | regexp "(?P<x>$A)""#, "a.b", r#"{} | regexp "(?P<x>a\\.b)""#),
        (LogQl, r#"{} |> "<_> $A <_>""#, "a.b", r#"{} |> "<_> a.b <_>""#),
        (LogQl, r#"{} |= "a" or "$A""#, "b", r#"{} |= "a" or "b""#),
        (LogQl, "{} # about $A and \"$U\n|= `x`", "b", "{} # about $A and \"$U\n|= `x`"),
        (PromQl, r#"up{who="$A"}"#, "Ana", r#"up{who="Ana"}"#),
        (PromQl, "up{who='$A'}", "d'Ávila \"x\"", r#"up{who='d\'Ávila "x"'}"#),
        (PromQl, "up{who!~'$A'}", "a.b", r"up{who!~'a\\.b'}"),
        (
            PromQl,
            r#"label_replace(up{a="1",b="2"}, "x", "$1", "who", "$A(.*)")"#,
            "a.b",
            r#"label_replace(up{a="1",b="2"}, "x", "$1", "who", "a\\.b(.*)")"#,
        ),
        (PromQl, r#"up{a="\"",who="$A"} # "$U"#, "x", r#"up{a="\"",who="x"} # "$U"#),
        (
            TraceQl,
            r#"{ span.patient = "$A" && name =~ "$A.*" }"#,
            "a.b",
            r#"{ span.patient = "a.b" && name =~ "a\\.b.*" }"#,
        ),
        (TraceQl, "{ .a = `$A` } // \"$U", "x", "{ .a = `x` } // \"$U"),
        (TraceQl, "{ /* \"$U */ .a = `$A` }", "x", "{ /* \"$U */ .a = `x` }"),
    ] {
        let kept = |text: &str| text.replace("$A", A).replace("$U", UNKNOWN);
        assert_eq!(opened(language, query, &[raw], &[]), Ok(kept(expected)), "{query}");
    }
    let untouched = "rate({app=\"x\"} |= `‹no mark›` [5m]) > 1 ‹";
    assert_eq!(opened(LogQl, untouched, &["x"], &[]), Ok(untouched.to_owned()));
    assert!(open(LogQl, untouched, &|_| Vec::new()).is_ok_and(|raw| raw.is_none()));
}

#[test]
fn several_spellings_are_matched_by_one_expression() {
    use Language::{LogQl, PromQl, TraceQl};
    let a = ["529.982.247-25", "52998224725"];
    for (language, query, expected) in [
        (LogQl, r#"{} |= "$A""#, r#"{} |~ "(?:529\\.982\\.247-25|52998224725)""#),
        (LogQl, "{} != `n+1 $A`", r#"{} !~ "n\\+1 (?:529\\.982\\.247-25|52998224725)""#),
        (
            LogQl,
            r#"{} |= "a.b" or "\t$A" or `c`"#,
            "{} |~ \"a\\\\.b\" or \"\\t(?:529\\\\.982\\\\.247-25|52998224725)\" or \"c\"",
        ),
        (
            LogQl,
            r#"{who="$A"} | json | cpf != "$A""#,
            r#"{who=~"(?:529\\.982\\.247-25|52998224725)"} | json | cpf !~ "(?:529\\.982\\.247-25|52998224725)""#,
        ),
        (LogQl, "{} |~ `x $A$`", r"{} |~ `x (?:529\.982\.247-25|52998224725)$`"),
        (LogQl, r#"{} |> "<_> $A""#, r#"{} |> "<_> 529.982.247-25" or "<_> 52998224725""#),
        (LogQl, r#"{} | json | drop a="$A""#, r#"{} | json | drop a=~"(?:529\\.982\\.247-25|52998224725)""#),
        (PromQl, r#"up{who="$A",x="y"}"#, r#"up{who=~"(?:529\\.982\\.247-25|52998224725)",x="y"}"#),
        (TraceQl, r#"{ .cpf != "$A" }"#, r#"{ .cpf !~ "(?:529\\.982\\.247-25|52998224725)" }"#),
    ] {
        assert_eq!(opened(language, query, &a, &[]), Ok(expected.to_owned()), "{query}");
    }
    // One of each: the one with a single spelling goes along.
    assert_eq!(
        opened(LogQl, r#"{} |= "$A $B""#, &a, &["A. Souza"]),
        Ok(r#"{} |~ "(?:529\\.982\\.247-25|52998224725) A\\. Souza""#.to_owned())
    );
}

#[test]
fn what_cannot_be_put_is_an_error_that_names_the_mark() {
    use Language::{LogQl, PromQl, TraceQl};
    for (language, query, expected) in [
        (LogQl, r#"{} |= "$U""#, Unopened::Unknown(UNKNOWN.into())),
        (LogQl, r#"{} |= "$A $U""#, Unopened::Unknown(UNKNOWN.into())),
        (LogQl, "{} |= $A", Unopened::Outside(A.into())),
        (PromQl, "$A", Unopened::Outside(A.into())),
        (PromQl, "up{a=\"$A", Unopened::Outside(A.into())),
        (TraceQl, "{ .a = '$A' }", Unopened::Outside(A.into())),
        (LogQl, r#"{} | line_format "$A""#, Unopened::Several(A.into())),
        (LogQl, r#"{} | label_format x="$A""#, Unopened::Several(A.into())),
        (LogQl, r#"{} |= "\x41\xff $A""#, Unopened::Several(A.into())),
        (TraceQl, r#"{ "$A" = .a }"#, Unopened::Several(A.into())),
    ] {
        assert_eq!(opened(language, query, &["1", "2"], &[]), Err(expected), "{query}");
    }
}

fn masker() -> Masker {
    let key = Key::new(b"a key for tests of the vault, known to all").expect("long enough");
    Masker::new(key, Fields::default())
}

/// The mark that a text became.
fn mark(masked: &str) -> &str {
    let start = masked.find('‹').expect("a mark");
    let end = masked.find('›').expect("a mark") + "›".len();
    &masked[start..end]
}

fn spellings(mark: &str) -> Vec<String> {
    let mark = mark.trim_start_matches('‹').trim_end_matches('›');
    keep::vault().spellings(mark).iter().map(|raw| unseal::open(raw).to_string()).collect()
}

#[test]
fn whatever_is_masked_can_be_asked_for_as_the_server_wrote_it() {
    let masker = masker();
    let safe = |text: &str| masker.safe(None, text, true, &mut |_| ()).into_owned();
    for (text, raw) in [
        ("CPF 123.456.789-09 denied", "123.456.789-09"),
        ("mail \u{1b}[1mana.v@hospital.br\u{1b}[0m now", "ana.v@hospital.br"),
        ("one\ttwo\r\n12\u{200b}3.456.78\u{1b}[1m7-94 x", "12\u{200b}3.456.78\u{1b}[1m7-94"),
        ("é ana%40v.br", "ana%40v.br"),
        ("１２３.456.789-00", "１２３.456.789-00"),
        (r#"{"n":11144477735}"#, "11144477735"),
        (r#"{"face_template":[0.1,0.2],"x":1}"#, "[0.1,0.2]"),
        ("patient_name=Bia de Tal status=ok", "Bia de Tal"),
    ] {
        let masked = safe(text);
        assert!(spellings(mark(&masked)).contains(&raw.to_owned()), "{text:?} became {masked}");
    }
    for (name, value, raw) in [
        ("patient_id", "P-1234567\u{200b}", "P-1234567\u{200b}"),
        ("who", "for 987.654.321-00 now", "987.654.321-00"),
        ("who", "for\t987.654.320-20 now", "987.654.320-20"),
    ] {
        let masked = masker.safe(Some(name), value, true, &mut |_| ());
        assert_eq!(spellings(mark(&masked)), [raw], "{value:?} became {masked}");
    }
    // As a field of JSON, it is compared with what the escapes mean.
    let masked = safe(r#"{"patient_name":"Jo\u00e3o \"Jo\" Luz"}"#);
    let all = spellings(mark(&masked));
    assert_eq!(all, [r#"João "Jo" Luz"#, r#"Jo\u00e3o \"Jo\" Luz"#], "{masked}");
}

#[test]
fn a_query_finds_all_spellings_that_were_seen_and_only_those_of_its_key() {
    let (masker, other) = (masker(), Masker::default());
    let masked = masker.mask("a 111.444.777-35 b 111 444 777 35").into_owned();
    other.mask("c 11144477735");
    let one = mark(&masked);
    let query = format!("{{}} |= `{one}`");
    let opened = open_in_query(Language::LogQl, &query).ok().map(|raw| raw.to_owned());
    assert_eq!(opened.as_deref(), Some(r#"{} |~ "(?:111 444 777 35|111\\.444\\.777-35)""#));
    assert_eq!(masker.mask(&query), query, "a query with marks is shown as it is");
    let unknown = query.replace("cpf:", "cns:");
    assert!(matches!(open_in_query(Language::LogQl, &unknown), Err(Unopened::Unknown(_))));
}

#[test]
fn the_store_is_bounded_by_count_and_by_bytes_and_keeps_what_comes_again() {
    let made = |raw: &'static str| Made { key: 1, label: "cpf", is_field: false, value: raw, raw: Some(raw) };
    let pseudonym = |raw: &str| format!("‹cpf:{:0>16}›", raw.to_lowercase());
    let keep = |vault: &Vault, raw: &'static str| {
        let mut out = String::new();
        vault.kept(&made(raw), &mut out, |out| out.push_str(&pseudonym(raw)));
        assert_eq!(out, pseudonym(raw));
    };
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let few = Vault::new(16 * 8, 1 << 20);
    for at in 0..2000 {
        keep(&few, leak(format!("{at}")));
        keep(&few, "often");
    }
    assert!(few.len() <= 128 && few.len() > 64, "{}", few.len());
    assert_eq!(few.spellings("cpf:00000000000often").len(), 1);
    assert_eq!(few.spellings("cpf:0000000000000003").len(), 0);
    let small = Vault::new(1 << 20, 16 * 300);
    for at in 0..200 {
        keep(&small, leak(format!("{at:0>100}")));
    }
    assert!(small.len() <= 48, "{}", small.len());
    keep(&small, leak("x".repeat(3000)));
    assert!(small.len() <= 48, "too long to be kept");
    // A second time nothing is made anew.
    let vault = Vault::new(1000, 1000);
    keep(&vault, "once");
    let mut out = String::new();
    vault.kept(&made("once"), &mut out, |_| panic!("made again"));
    assert_eq!(out, pseudonym("once"));
}

#[test]
fn many_threads_keep_at_once() {
    let masker = &masker();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                for at in 0..500 {
                    let masked = masker.mask(&format!("patient_id=t{thread}x{at}")).into_owned();
                    assert_eq!(spellings(mark(&masked)), [format!("t{thread}x{at}")]);
                }
            });
        }
    });
}
