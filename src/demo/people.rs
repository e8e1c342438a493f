//! Who the user, the patient and the caller's machine of a request are: functions of the seed and
//! the request's numbers, so that the same person stands in the log, the trace and the next request.
//!
//! Must not know how any of it is written into a line.

use super::identifiers;
use super::rng::{Rng, mix};

const PATIENT: u64 = 0xd1;
const NAME: u64 = 0xd2;
const ADDRESS: u64 = 0xd3;
const HASH: u64 = 0xd4;
const FOREIGN: u64 = 0xd5;

/// What names and numbers are made of: `[people]` in a pack's `demo/signals.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// Given names.
    pub given: Vec<String>,
    /// Family names.
    pub family: Vec<String>,
    /// What stands between them and says that nobody is called so.
    pub mark: String,
    /// Domain of e-mail addresses, one that cannot exist.
    pub domain: String,
    /// How many patients there are.
    pub patients: u64,
    /// Telephone area codes that no region has.
    pub areas: Vec<u8>,
    /// Federal unit of the physicians' council.
    pub state: String,
    /// Twelve characters of the house's CNPJ without its check digits.
    pub cnpj: String,
    /// The house's CNES.
    pub cnes: String,
    /// User name by role: `dr_$family_$number`, `nurse_$given_$number`.
    pub users: Vec<(String, String)>,
    /// User name of a role without a pattern.
    pub user: String,
    /// Programs that in-house users call from.
    pub agents: Vec<String>,
    /// Programs that attackers call from.
    pub foreign_agents: Vec<String>,
    /// Networks in the house, three bytes each: `10.20.1`.
    pub networks: Vec<String>,
    /// Networks that attackers come from.
    pub foreign_networks: Vec<String>,
}

/// The people of one hospital.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    /// Seed of the hospital.
    pub seed: u64,
    /// What they are made of.
    pub words: &'a Words,
}

fn pick<'t>(list: &'t [String], rng: &mut Rng) -> &'t str {
    list.get(rng.below(list.len() as u64) as usize).map_or("", String::as_str)
}

impl People<'_> {
    /// Number of the patient that a request is about. Some patients are seen far more often than
    /// others.
    pub fn patient_of(&self, request: u64) -> u64 {
        let draw = Rng::of(&[self.seed, PATIENT, request]).unit();
        (draw * draw * self.words.patients as f64) as u64
    }

    fn names(&self, person: u64) -> (&str, &str) {
        let mut rng = Rng::of(&[self.seed, NAME, person]);
        let given = pick(&self.words.given, &mut rng);
        (given, pick(&self.words.family, &mut rng))
    }

    /// A patient's name, with the mark that nobody is called so.
    pub fn patient_name(&self, patient: u64) -> String {
        let (given, family) = self.names(patient);
        format!("{given} {} {family}", self.words.mark)
    }

    /// A patient's e-mail address.
    pub fn patient_email(&self, patient: u64) -> String {
        let (given, family) = self.names(patient);
        format!("{}.{}{patient}@{}", plain(given), plain(family), self.words.domain)
    }

    /// A patient's number in the house.
    pub fn record_number(&self, patient: u64) -> String {
        format!("{:06}", 100_000 + (mix(self.seed) % 97 + patient * 7) % 900_000)
    }

    /// A patient's telephone number.
    pub fn patient_phone(&self, patient: u64) -> String {
        identifiers::phone(self.seed, patient, &self.words.areas)
    }

    /// 64 hex digits that stand for a patient and cannot be turned back.
    pub fn patient_hash(&self, patient: u64) -> String {
        let mut rng = Rng::of(&[self.seed, HASH, patient]);
        format!("{:016x}{:016x}{:016x}{:016x}", rng.bits(), rng.bits(), rng.bits(), rng.bits())
    }

    /// A user's name in the system: `dr_silva_123`.
    pub fn user_name(&self, user: u32, role: &str) -> String {
        // Users are other people than patients.
        let (given, family) = self.names(u64::from(user) | 1 << 40);
        let pattern = self.words.users.iter().find(|(of, _)| of == role);
        let pattern = pattern.map_or(&self.words.user, |(_, pattern)| pattern);
        pattern
            .replace("$given", &plain(given))
            .replace("$family", &plain(family))
            .replace("$number", &format!("{user:03}"))
    }

    /// A user's registration with the council of physicians.
    pub fn user_crm(&self, user: u32) -> String {
        identifiers::crm(self.seed, u64::from(user), &self.words.state)
    }

    /// Address of the machine that a request comes from. A user stays at one machine; an attacker
    /// comes from a handful.
    pub fn address(&self, user: u32, foreign: bool, request: u64) -> String {
        if foreign {
            let mut rng = Rng::of(&[self.seed, FOREIGN, request % 5]);
            return format!("{}.{}", pick(&self.words.foreign_networks, &mut rng), 1 + rng.below(254));
        }
        let mut rng = Rng::of(&[self.seed, ADDRESS, u64::from(user)]);
        format!("{}.{}", pick(&self.words.networks, &mut rng), 10 + rng.below(240))
    }

    /// Program that a request comes from.
    pub fn agent(&self, user: u32, foreign: bool, request: u64) -> &str {
        if foreign {
            return pick(&self.words.foreign_agents, &mut Rng::of(&[self.seed, FOREIGN, request % 5]));
        }
        pick(&self.words.agents, &mut Rng::of(&[self.seed, ADDRESS, u64::from(user), 1]))
    }
}

/// A name in small ASCII letters, as user names and addresses have it.
fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|c| {
            let c = c.to_lowercase().next().unwrap_or(c);
            Some(match c {
                'á' | 'à' | 'â' | 'ã' => 'a',
                'é' | 'ê' => 'e',
                'í' => 'i',
                'ó' | 'ô' | 'õ' => 'o',
                'ú' | 'ü' => 'u',
                'ç' => 'c',
                c if c.is_ascii_alphanumeric() => c,
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words {
            given: ["Ana", "João", "Luísa"].map(str::to_owned).into(),
            family: ["Gonçalves", "Sá"].map(str::to_owned).into(),
            mark: "Fictício".into(),
            domain: "hospital.example".into(),
            patients: 1000,
            areas: vec![25],
            users: vec![("nurse".into(), "nurse_$given_$number".into())],
            user: "dr_$family_$number".into(),
            networks: vec!["10.20.1".into()],
            foreign_networks: vec!["203.0.113".into()],
            agents: vec!["App/1".into()],
            foreign_agents: vec!["curl/8".into()],
            ..Words::default()
        }
    }

    #[test]
    fn the_same_numbers_are_the_same_person() {
        let words = words();
        let people = People { seed: 7, words: &words };
        assert_eq!(people.patient_name(5), people.patient_name(5));
        assert_eq!(people.patient_hash(5).len(), 64);
        assert_ne!(people.patient_hash(5), people.patient_hash(6));
        assert_ne!(people.patient_hash(5), People { seed: 8, ..people }.patient_hash(5));
        assert!(people.patient_name(5).contains(" Fictício "));
        let email = people.patient_email(5);
        assert!(email.is_ascii() && email.ends_with("5@hospital.example"), "{email}");
        assert!(people.user_name(7, "nurse").starts_with("nurse_"));
        let doctor = people.user_name(7, "resident");
        assert!(doctor.is_ascii() && doctor.starts_with("dr_") && doctor.ends_with("_007"), "{doctor}");
    }

    #[test]
    fn patients_return_and_all_exist() {
        let words = words();
        let people = People { seed: 7, words: &words };
        let seen: std::collections::BTreeSet<u64> = (0..2000).map(|at| people.patient_of(at)).collect();
        assert!(seen.iter().all(|patient| *patient < 1000));
        assert!((200..900).contains(&seen.len()), "{}", seen.len());
    }

    #[test]
    fn an_attacker_comes_from_outside_and_a_user_from_his_machine() {
        let words = words();
        let people = People { seed: 7, words: &words };
        assert_eq!(people.address(3, false, 1), people.address(3, false, 99));
        assert!(people.address(3, false, 1).starts_with("10.20.1."));
        assert!((0..50).all(|at| people.address(3, true, at).starts_with("203.0.113.")));
        assert_eq!((people.agent(3, false, 1), people.agent(3, true, 1)), ("App/1", "curl/8"));
    }
}
