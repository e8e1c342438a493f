//! Roles behind a real sshd, as docs/roles.md tells how: the key gives the role, and nothing that a client sends does.
//!
//! sshd starts this test program again in the place of `plantao`, which is the same but for one thing: its machine's file
//! is a folder of the test and not `/etc/plantao`, which other tests, and the person whose machine this is, read too.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Parser as _;
use plantao::cli::{Cli, Surroundings};
use plantao::journal::{AuditFilter, Journal, Options};
use plantao::model::records::Record;

use crate::needs;
use crate::support::process::Process;
use crate::support::skip::{SSH, SSH_KEYGEN, SSHD};
use crate::support::{ports, wait};

/// Names the machine's folder to the program that sshd starts. What sshd is told to run sets it, after whatever a client
/// has sent.
const MACHINE: &str = "FOLDER_OF_THE_MACHINE";
/// This test.
const SELF: &str = "ssh::a_key_gives_a_role_and_nothing_that_a_client_sends_does";

/// The program that sshd starts: an action, as whoever has come.
fn the_program(machine: PathBuf) -> ! {
    let mut around = Surroundings::gather();
    around.paths.system = Some(machine);
    let cli = Cli::parse_from(["plantao", "incidents", "open", "--empty", "--title", "tried"]);
    std::process::exit(plantao::app::run_in(&cli, &around) as i32)
}

struct Place {
    folder: tempfile::TempDir,
    account: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("sshd").tempdir().expect("a folder");
        let account = said(Command::new("id").arg("-un"));
        let place = Self { folder, account };
        if said(Command::new("id").arg("-u")) == "0" {
            // sshd wants it, and whatever starts it as a service makes it.
            fs::create_dir_all("/run/sshd").expect("a folder for sshd");
        }
        for key in ["host", "nobody", "responder", "admin"] {
            let file = place.path(key);
            let file = file.to_str().expect("a path");
            let keygen = SSH_KEYGEN.path().expect("it is there");
            said(Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-C", key, "-f", file]));
        }
        let keys = ["nobody", "responder", "admin"];
        let known = keys.map(|key| fs::read_to_string(place.path(&format!("{key}.pub"))).expect("a key"));
        fs::write(place.path("authorized"), known.concat()).expect("written");
        fs::create_dir(place.path("machine")).expect("made");
        let config = format!(
            "[roles]\nresponder = [\"key:{}\"]\nadmin = [\"key:{}\"]\nssh_keys = true\n[journal]\npath = '{}'\n",
            place.fingerprint("responder"),
            place.fingerprint("admin"),
            place.path("journal.db").display(),
        );
        fs::write(place.path("machine/config.toml"), config).expect("written");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// As ssh-keygen shows it, and as the configuration takes it.
    fn fingerprint(&self, key: &str) -> String {
        let keygen = SSH_KEYGEN.path().expect("it is there");
        let listed = said(Command::new(keygen).arg("-lf").arg(self.path(&format!("{key}.pub"))));
        listed.split_whitespace().nth(1).expect("a fingerprint").to_owned()
    }

    fn audit(&self) -> Vec<Record> {
        let journal = Journal::open_existing(&Options::at(self.path("journal.db"))).expect("readable");
        journal
            .map_or_else(Vec::new, |journal| journal.audit_records(&AuditFilter::default()).expect("records"))
    }
}

fn said(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("the program");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A running sshd that goes when it is dropped.
struct Sshd<'p> {
    place: &'p Place,
    port: u16,
    _process: Process,
}

/// The block that the document gives, for this account and this program.
fn documented(place: &Place) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/roles.md"))
        .expect("the document");
    let from = text.find("Match User oncall").expect("the block");
    let block = text[from..].split("```").next().expect("its end");
    let program = std::env::current_exe().expect("this program");
    let command = format!(
        "exec env XDG_STATE_HOME={home} {MACHINE}={machine} {program} --exact {SELF} --nocapture",
        home = place.path("state").display(),
        machine = place.path("machine").display(),
        program = program.display(),
    );
    let block = block.replace("User oncall", &format!("User {}", place.account));
    assert!(block.contains("ForceCommand /usr/local/bin/plantao\n"), "{block}");
    block.replace("/usr/local/bin/plantao\n", &format!("{command}\n"))
}

impl<'p> Sshd<'p> {
    fn start(place: &'p Place, block: &str) -> Self {
        let program = SSHD.path().expect("it is there");
        // Another process may take a port first.
        for _ in 0..5 {
            let port = ports::free();
            let config = format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nStrictModes no\nAuthorizedKeysFile {}\n\
                 PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n{block}",
                place.path("host").display(),
                place.path("authorized").display(),
            );
            let file = place.path("sshd.conf");
            fs::write(&file, &config).expect("written");
            said(Command::new(&program).arg("-t").arg("-f").arg(&file));
            let args = ["-D", "-e", "-f", file.to_str().expect("a path")].map(str::to_owned);
            let mut process = Process::start("sshd", &program, &args, &place.path("sshd.log")).expect("sshd");
            let up = wait::until("sshd, or its end", || {
                if process.ended().is_some() {
                    return Ok(false);
                }
                let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
                let mut line = String::new();
                BufReader::new(stream).read_line(&mut line).map_err(|error| error.to_string())?;
                if line.starts_with("SSH-2.0") { Ok(true) } else { Err(line) }
            });
            if up {
                return Self { place, port, _process: process };
            }
        }
        panic!("sshd takes no port: {}", fs::read_to_string(place.path("sshd.log")).unwrap_or_default());
    }

    /// Comes in with a key; gives the exit status of what sshd ran.
    fn come(&self, key: &str, options: &[&str], sent: &[(&str, &str)], command: &[&str]) -> i32 {
        let place = self.place;
        let mut ssh = Command::new(SSH.path().expect("it is there"));
        ssh.args([
            "-F",
            "none",
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "IdentityAgent=none",
        ])
        .args(["-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "-o", "ClearAllForwardings=yes"])
        .arg("-o")
        .arg(format!("UserKnownHostsFile={}", place.path("known").display()))
        .arg("-i")
        .arg(place.path(key))
        .args(["-p", &self.port.to_string()])
        .args(options)
        .arg(format!("{}@127.0.0.1", place.account))
        .arg("--")
        .args(command)
        .envs(sent.iter().copied())
        .stdin(Stdio::null());
        let output = ssh.output().expect("ssh");
        let status = output.status.code().unwrap_or(-1);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let log = fs::read_to_string(place.path("sshd.log")).unwrap_or_default();
        assert_ne!(status, 255, "ssh itself failed: {told}{log}");
        status
    }
}

#[test]
fn a_key_gives_a_role_and_nothing_that_a_client_sends_does() {
    if let Some(machine) = std::env::var_os(MACHINE) {
        the_program(machine.into());
    }
    needs!("real::ssh"; SSHD, SSH, SSH_KEYGEN);
    let place = Place::new();
    // What sshd would write of the key that gives most, forged by somebody who could write it.
    let forged = place.path("forged");
    let public = fs::read_to_string(place.path("admin.pub")).expect("a key");
    fs::write(&forged, format!("publickey {public}")).expect("written");
    fs::set_permissions(&forged, fs::Permissions::from_mode(0o600)).expect("private");
    fs::create_dir_all(place.path("own/plantao")).expect("made");
    fs::write(place.path("own/plantao/config.toml"), "[roles]\ndefault = \"admin\"\n").expect("written");
    let (forged, own) = (forged.display().to_string(), place.path("own").display().to_string());
    let lies = [
        ("PLANTAO_OPERATOR", "chief"),
        ("PLANTAO_READ_ONLY", "false"),
        ("SSH_USER_AUTH", forged.as_str()),
        ("XDG_CONFIG_HOME", own.as_str()),
        ("USER", "root"),
        ("LOGNAME", "root"),
    ];
    let set = lies.map(|(name, value)| format!("{name}={value}")).join(" ");
    let set = format!("SetEnv={set}");
    let send = ["-o", "SendEnv=PLANTAO_* SSH_USER_AUTH XDG_CONFIG_HOME USER LOGNAME"];
    let block = documented(&place);
    // As documented, and by somebody who lets every variable in.
    let careless = block.replace("AcceptEnv none", "AcceptEnv *");
    assert_ne!(block, careless, "the document says which variables come in");
    for (block, operator) in [(block, place.account.as_str()), (careless, "chief")] {
        let before = place.audit().len();
        let sshd = Sshd::start(&place, &block);
        assert_eq!(sshd.come("nobody", &[], &[], &[]), 2, "a key that is not listed may look");
        let arguments = ["--operator", "chief", "incidents", "open", "--empty", "--title", "x"];
        assert_eq!(sshd.come("nobody", &[], &[], &arguments), 2, "arguments reach nothing");
        assert_eq!(sshd.come("nobody", &[], &[], &["sh", "-c", "'exit 0'"]), 2, "there is no shell");
        assert_eq!(sshd.come("nobody", &["-o", &set], &[], &[]), 2, "SetEnv raises no role");
        assert_eq!(sshd.come("nobody", &send, &lies, &[]), 2, "SendEnv raises no role");
        assert_eq!(place.audit().len(), before, "nothing was done");
        for key in ["responder", "admin"] {
            assert_eq!(sshd.come(key, &["-o", &set], &[], &[]), 0, "{key} may act");
        }
        let records = place.audit();
        let [.., responder, admin] = &records[..] else { panic!("{records:?}") };
        assert_eq!(records.len(), before + 2, "{records:?}");
        for (record, key) in [(responder, "responder"), (admin, "admin")] {
            let behind = format!("key:{}", place.fingerprint(key));
            assert!(record.actor.origin.contains(&behind), "{record:?} is not of {behind}");
            // Anybody can claim a name where it is let in, which is why the key is on record.
            assert_eq!(&*record.actor.operator, operator);
            assert!(record.actor.os_user.starts_with(&place.account), "{record:?}");
        }
    }
}
