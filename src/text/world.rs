//! Words for problems of a pack's `demo/world.toml`.

/// What is wrong there. Each is one line without the file's name and place.
#[derive(Debug)]
pub struct WorldText {
    /// A number outside its range: least, most.
    pub out_of_range: fn(f64, f64) -> String,
    /// A list of the wrong length: how long it is, how long it must be.
    pub length: fn(usize, usize) -> String,
    /// A reference to something that is not there: what it is, its name.
    pub unknown: fn(&str, &str) -> String,
    /// Something that the pack itself does not know: what it is, its name.
    pub not_in_pack: fn(&str, &str) -> String,
    /// "did you mean": the near word.
    pub did_you_mean: fn(&str) -> String,
    /// The words that may stand here.
    pub one_of: fn(&str) -> String,
    /// Two things of one id: what they are, the id.
    pub twice: fn(&str, &str) -> String,
    /// More things than the model can number: how many it can.
    pub too_many: fn(usize) -> String,
    /// An empty text.
    pub empty: &'static str,
    /// No entry where at least one must stand.
    pub nothing: &'static str,
    /// A department without a kind of request: its id, whether it is a login that is missing.
    pub nothing_to_do: fn(&str, bool) -> String,
    /// The first step is not the front service's.
    pub not_in_front: fn(&str) -> String,
    /// A later step without a parent.
    pub no_parent: &'static str,
    /// Numbers that must grow.
    pub rising: &'static str,
    /// Not the kind of target this fault has: what it wants.
    pub target: fn(&str) -> String,
    /// Names of things.
    pub nouns: Nouns,
}

/// Names of things.
#[derive(Debug)]
pub struct Nouns {
    /// A process.
    pub service: &'static str,
    /// A department.
    pub department: &'static str,
    /// A role.
    pub role: &'static str,
    /// A model.
    pub model: &'static str,
    /// An operation.
    pub operation: &'static str,
    /// A step before this one.
    pub step: &'static str,
    /// A cause of failure.
    pub cause: &'static str,
    /// A fault.
    pub fault: &'static str,
    /// The way between two services.
    pub edge: &'static str,
    /// A way to sign in.
    pub method: &'static str,
}

/// English.
pub const EN: WorldText = WorldText {
    out_of_range: |least, most| {
        if most == f64::INFINITY {
            format!("must be a number of at least {least}")
        } else {
            format!("must be a number between {least} and {most}")
        }
    },
    length: |found, wanted| format!("has {found} entries; {wanted} are needed"),
    unknown: |noun, name| format!("there is no {noun} `{name}` here"),
    not_in_pack: |noun, name| format!("the pack knows no {noun} `{name}`"),
    did_you_mean: |near| format!("did you mean `{near}`?"),
    one_of: |list| format!("one of: {list}"),
    twice: |noun, name| format!("{noun} `{name}` stands here a second time"),
    too_many: |most| format!("at most {most} may stand here"),
    empty: "must not be empty",
    nothing: "at least one must stand here",
    nothing_to_do: |department, login| {
        if login {
            format!("nobody in `{department}` can sign in: give a class `login` and a share there")
        } else {
            format!("there is nothing to do in `{department}`: give a class without `login` a share there")
        }
    },
    not_in_front: |front| format!("the first step is the whole request and belongs to `{front}`, the front"),
    no_parent: "only the first step stands alone: say with `in` which step this one is part of",
    rising: "each number must be larger than the one before",
    target: |wanted| format!("this fault strikes {wanted}"),
    nouns: Nouns {
        service: "service",
        department: "department",
        role: "role",
        model: "model",
        operation: "operation",
        step: "step before this one",
        cause: "cause of failure",
        fault: "fault",
        edge: "a way between two services, `caller>callee`",
        method: "way to sign in",
    },
};
