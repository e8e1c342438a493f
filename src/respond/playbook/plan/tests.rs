//! Plans: what stays one argument, what is refused, what a drill leaves out.

use super::*;

fn bound(argv: &[&str], params: &[(&str, &str)]) -> Command {
    Command {
        argv: argv.iter().map(|one| Template::parse(one).expect("a template")).collect(),
        params: params
            .iter()
            .map(|(name, pattern)| {
                ((*name).to_owned(), regex::Regex::new(&format!("^(?:{pattern})$")).expect("a pattern"))
            })
            .collect(),
        timeout: std::time::Duration::from_secs(1),
        dangerous: true,
        idempotent: false,
    }
}

#[test]
fn from_an_embedded_place_nothing_outside_is_reached_and_the_rest_is_done() {
    let text = "title = \"T\"\n\
        [[steps]]\ntitle = \"Tell\"\nkind = \"notify\"\nlevel = \"oncall\"\n\
        [[steps]]\ntitle = \"Restart\"\nkind = \"command\"\ncommand = \"restart\"\n\
        [[steps]]\ntitle = \"Call\"\nkind = \"http\"\nmethod = \"POST\"\nurl = \"http://127.0.0.1:1/\"\n\
        [[steps]]\ntitle = \"Keep\"\nkind = \"collect\"\nwindow = \"5m\"\n\
        [[steps]]\ntitle = \"Ask\"\nkind = \"confirm\"\nquestion = \"cool?\"\n";
    let pack = crate::pack::load("hospital", &[]).expect("the pack");
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("playbooks")).expect("made");
    std::fs::write(dir.path().join("playbooks/t.toml"), text).expect("written");
    let library = crate::pack::playbook::Library::load(&pack, &[dir.path().to_owned()]);
    let (_, entry) = library.iter().find(|(name, _)| *name == "t").expect("listed");
    let playbook = entry.read.as_ref().expect("a playbook");
    let (facts, given) = (Facts::without_incident("ana"), BTreeMap::new());
    let mut acting = Acting::default();
    let outside = Plan::asked_for(playbook, &facts, &given, &acting);
    assert_eq!(outside.troubles().len(), 1, "no program is bound: {outside:?}");
    acting.contained = true;
    let drill = Plan::asked_for(playbook, &facts, &given, &acting);
    let left: Vec<bool> = drill.steps.iter().map(|step| step.left_out.is_some()).collect();
    assert_eq!(left, [true, true, true, false, false]);
    // Whoever reads what it will do reads that it will not, and why; nothing of it is marked as dangerous.
    let told: Vec<bool> = drill
        .steps
        .iter()
        .map(|step| step.in_words().starts_with("left out, nothing outside is reached"))
        .collect();
    assert_eq!((told, drill.steps.iter().any(|step| step.dangerous)), (left, false));
    assert_eq!((drill.troubles(), drill.nothing_to_do(), drill.is_dangerous()), (vec![], false, false));
}

fn with(value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("service".to_owned(), value.to_owned())])
}

#[test]
fn a_value_is_one_argument_whatever_it_holds() {
    let command = bound(&["/bin/restart", "--service={service}", "x {service}"], &[("service", "(?s).*")]);
    for hostile in ["$(reboot)", "a; rm -rf /", "a\nb", "\"'`", "{service}", "../../etc", "a b"] {
        let argv = argv("restart", &command, &with(hostile)).expect("arguments");
        assert_eq!(argv, ["/bin/restart".to_owned(), format!("--service={hostile}"), format!("x {hostile}")]);
    }
}

#[test]
fn options_patterns_and_strangers_are_refused() {
    let any = bound(&["/bin/restart", "{service}"], &[("service", "(?s).*")]);
    assert!(argv("restart", &any, &with("--all")).expect_err("an option").contains("--all"));
    assert!(argv("restart", &any, &with("a\0b")).is_err());
    let strict = bound(&["/bin/restart", "{service}"], &[("service", "[a-z-]+")]);
    assert!(argv("restart", &strict, &with("medical-api")).is_ok());
    assert!(argv("restart", &strict, &with("medical-api\n")).is_err());
    assert!(argv("restart", &strict, &with("a b")).is_err());
    assert!(argv("restart", &strict, &BTreeMap::new()).is_err());
    let unknown = BTreeMap::from([("force".to_owned(), "1".to_owned())]);
    assert!(argv("restart", &strict, &unknown).expect_err("unknown").contains("force"));
}

#[test]
fn what_goes_into_an_address_stays_one_part_of_it() {
    let template = Template::parse("http://h/x/{a}?q={a}").expect("a template");
    let filled = encoded(&template, &mut |one: &Template| {
        one.fill(&|_| Some("../b&c=d e#\"".to_owned())).expect("filled")
    });
    assert_eq!(filled, "http://h/x/..%2Fb%26c%3Dd%20e%23%22?q=..%2Fb%26c%3Dd%20e%23%22");
}
