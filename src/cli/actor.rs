//! Who acts, as the audit writes it: the name that is claimed, and who stands behind it.

use super::Surroundings;
use crate::model::Identity;
use crate::model::records::Actor;

/// The person at this process.
pub fn of(operator: &str, who: &Identity, around: &Surroundings) -> Actor {
    let os_user = match who.uid {
        Some(uid) => format!("{} ({uid})", who.user),
        None => who.user.clone(),
    };
    // Where from is only what the session says of itself: sshd sets it, and whoever has a shell can set it anew.
    let address = around.var("SSH_CONNECTION").and_then(|text| text.split_whitespace().next());
    let mut parts: Vec<String> = Vec::new();
    parts.extend(address.map(|address| format!("ssh {address}")));
    parts.extend(who.principals.first().map(|name| format!("principal {name}")));
    parts.extend(who.key.as_ref().map(|key| format!("key {key}")));
    Actor { operator: operator.into(), os_user: os_user.into(), origin: parts.join(" ").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_and_its_key_stand_behind_the_claimed_name() {
        let env = [("SSH_CONNECTION".to_owned(), "10.0.0.7 5022 10.0.0.1 22".to_owned())].into();
        let around = Surroundings { env, ..Surroundings::default() };
        let who = Identity {
            user: "oncall".to_owned(),
            uid: Some(1001),
            key: Some("SHA256:abc".to_owned()),
            ..Identity::default()
        };
        let actor = of("ana", &who, &around);
        assert_eq!((&*actor.operator, &*actor.os_user), ("ana", "oncall (1001)"));
        assert_eq!(&*actor.origin, "ssh 10.0.0.7 key SHA256:abc");
        assert_eq!(&*of("ana", &who, &Surroundings::default()).origin, "key SHA256:abc");
    }
}
