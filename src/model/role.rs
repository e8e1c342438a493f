//! Who is who, and who may do what.

use serde::Serialize;

use super::records::Actor;

/// What somebody may do; each may what those before it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Acts: acknowledges, silences, runs.
    Responder,
    /// Does what only few should.
    #[default]
    Admin,
}

impl Role {
    /// All of them with their names in configuration, the least first.
    pub const NAMES: [(&'static str, Self); 3] =
        [("viewer", Self::Viewer), ("responder", Self::Responder), ("admin", Self::Admin)];

    /// Its name in configuration and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Responder => "responder",
            Self::Admin => "admin",
        }
    }
}

/// Whom the system knows a person as, whatever the person claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name of the account that the process runs under.
    pub user: String,
    /// Its number; `None` where the system has none.
    pub uid: Option<u32>,
    /// Names of its groups.
    pub groups: Vec<String>,
    /// Fingerprint of the SSH key that let the person in (`SHA256:…`), where sshd told.
    pub key: Option<String>,
    /// Address that the SSH session says it comes from; whoever has a shell can change what it says.
    pub from: Option<String>,
    /// Principals of the SSH certificate that did, which its authority vouches for.
    pub principals: Vec<String>,
}

impl Identity {
    /// What let the person in, as an audit writes it: an account may be shared, a key should not be.
    pub fn origin(&self) -> String {
        let proof = match (&self.key, self.principals.as_slice()) {
            (_, [_, ..]) => Some(format!("principal:{}", self.principals.join(","))),
            (Some(key), []) => Some(format!("key:{key}")),
            (None, []) => None,
        };
        let from = self.from.as_ref().map(|address| format!("ssh:{address}"));
        proof.into_iter().chain(from).collect::<Vec<_>>().join(" ")
    }

    /// Who acts: the name that is claimed, and who stands behind it.
    pub fn actor(&self, operator: &str) -> Actor {
        let os_user = match self.uid {
            Some(uid) => format!("{} ({uid})", self.user),
            None => self.user.clone(),
        };
        Actor { operator: operator.into(), os_user: os_user.into(), origin: self.origin().into() }
    }
}

/// One entry of a role: `user:ana`, `uid:1000`, `group:oncall`, `key:SHA256:…`, `principal:ana`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// An account by name.
    User(String),
    /// An account by number.
    Uid(u32),
    /// Everybody in a group.
    Group(String),
    /// Who came with an SSH key.
    Key(String),
    /// Who came with an SSH certificate of this principal.
    Principal(String),
}

impl Principal {
    /// Reads an entry; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        if name.trim() != name || name.is_empty() || name.chars().any(char::is_control) {
            return None;
        }
        Some(match kind {
            "user" => Self::User(name.to_owned()),
            "uid" => Self::Uid(name.parse().ok()?),
            "group" => Self::Group(name.to_owned()),
            "key" if is_fingerprint(name) => Self::Key(name.trim_end_matches('=').to_owned()),
            "principal" => Self::Principal(name.to_owned()),
            _ => return None,
        })
    }

    /// Whether it is this person.
    pub fn is(&self, who: &Identity) -> bool {
        match self {
            Self::User(name) => *name == who.user,
            Self::Uid(uid) => Some(*uid) == who.uid,
            Self::Group(name) => who.groups.contains(name),
            Self::Key(key) => who.key.as_ref() == Some(key),
            Self::Principal(name) => who.principals.contains(name),
        }
    }
}

impl std::fmt::Display for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(name) => write!(f, "user:{name}"),
            Self::Uid(uid) => write!(f, "uid:{uid}"),
            Self::Group(name) => write!(f, "group:{name}"),
            Self::Key(key) => write!(f, "key:{key}"),
            Self::Principal(name) => write!(f, "principal:{name}"),
        }
    }
}

/// As `ssh-keygen -lf` writes it: 43 characters of base64.
fn is_fingerprint(text: &str) -> bool {
    let hash = text.strip_prefix("SHA256:").unwrap_or("").trim_end_matches('=');
    hash.len() == 43 && hash.chars().all(|c| c.is_ascii_alphanumeric() || "+/".contains(c))
}

/// Who has which role. Only the machine's own configuration says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// The role of everybody who is not listed.
    pub default: Role,
    /// Entries of each role.
    pub listed: Vec<(Role, Principal)>,
    /// Whether what sshd says of keys is believed: only where nobody can write what sshd would.
    pub ssh_keys: bool,
}

impl Default for Roles {
    /// Where nobody says anything about roles everybody may everything: it is their machine.
    fn default() -> Self {
        Self { default: Role::Admin, listed: Vec::new(), ssh_keys: false }
    }
}

impl Roles {
    /// The highest role that lists this person, else the default one.
    pub fn of(&self, who: &Identity) -> Role {
        let listed = self.listed.iter().filter(|(_, principal)| principal.is(who));
        listed.map(|(role, _)| *role).max().unwrap_or(self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "SHA256:uNiVztksCsDhcc0u9e8BrQtYzyzoGyVQvbNxiHiP8nA";

    fn ana() -> Identity {
        Identity {
            user: "ana".to_owned(),
            uid: Some(1000),
            groups: vec!["oncall".to_owned()],
            ..Identity::default()
        }
    }

    #[test]
    fn entries_are_read_strictly_and_written_as_read() {
        for text in ["user:ana", "uid:1000", "group:oncall", &format!("key:{KEY}"), "principal:ana@hospital"]
        {
            assert_eq!(Principal::parse(text).map(|one| one.to_string()).as_deref(), Some(text));
        }
        for text in
            ["ana", "user:", "user: ana", "uid:x", "key:ana", "key:SHA256:short", "role:ana", "user:a\nb"]
        {
            assert_eq!(Principal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_highest_listed_role_counts_else_the_default() {
        let listed = |list: &[(Role, &str)]| Roles {
            default: Role::Viewer,
            listed: list
                .iter()
                .map(|(role, text)| (*role, Principal::parse(text).expect("an entry")))
                .collect(),
            ssh_keys: true,
        };
        assert_eq!(Roles::default().of(&ana()), Role::Admin, "one's own machine");
        assert_eq!(listed(&[]).of(&ana()), Role::Viewer);
        assert_eq!(
            listed(&[(Role::Responder, "group:oncall"), (Role::Admin, "user:bia")]).of(&ana()),
            Role::Responder
        );
        assert_eq!(listed(&[(Role::Viewer, "user:ana"), (Role::Admin, "uid:1000")]).of(&ana()), Role::Admin);
        let with_key = Identity { key: Some(KEY.to_owned()), ..ana() };
        let roles = listed(&[(Role::Admin, &format!("key:{KEY}"))]);
        assert_eq!((roles.of(&ana()), roles.of(&with_key)), (Role::Viewer, Role::Admin));
        assert_eq!((with_key.origin(), ana().origin()), (format!("key:{KEY}"), String::new()));
    }
}
