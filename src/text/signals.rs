//! Words for problems of a pack's `demo/signals.toml`.

/// What is wrong with it. Each is one line without the file's name and place.
#[derive(Debug)]
pub struct SignalsText {
    /// "did you mean": the near word.
    pub did_you_mean: fn(&str) -> String,
    /// The words that may stand here.
    pub one_of: fn(&str) -> String,
    /// A word that is none of those: what it should be, the word.
    pub unknown: fn(&str, &str) -> String,
    /// An empty text where something must stand.
    pub empty: &'static str,
    /// A list that needs an element.
    pub empty_list: &'static str,
    /// A number that must be finite.
    pub not_finite: &'static str,
    /// A number outside its range: least, most.
    pub out_of_range: fn(f64, f64) -> String,
    /// The first of two is beyond the second.
    pub range_order: &'static str,
    /// Not a pair of numbers.
    pub not_a_pair: &'static str,
    /// A name in a template that nobody knows.
    pub unknown_field: fn(&str) -> String,
    /// A name that has no value where it stands.
    pub field_without_value: fn(&str) -> String,
    /// A name that identifies somebody, where everybody's lines are written.
    pub field_identifies: fn(&str) -> String,
    /// Where such a name may stand.
    pub only_leaky: &'static str,
    /// A draw that is called like a field, or like another draw: its name.
    pub name_taken: fn(&str) -> String,
    /// Neither or both of two keys: their names.
    pub one_of_two: fn(&str, &str) -> String,
    /// A condition that this kind of line cannot have: condition, kind.
    pub condition_misplaced: fn(&str, &str) -> String,
    /// Nothing in the world can ever satisfy the conditions.
    pub never: &'static str,
    /// What a JSON template may hold.
    pub json_value: &'static str,
    /// What an attribute may be.
    pub attribute_value: &'static str,
    /// Not twelve digits or capital letters.
    pub cnpj_base: &'static str,
    /// Names of things.
    pub nouns: Nouns,
}

/// Names of things.
#[derive(Debug)]
pub struct Nouns {
    /// A service.
    pub service: &'static str,
    /// An operation.
    pub operation: &'static str,
    /// A model.
    pub model: &'static str,
    /// A department.
    pub department: &'static str,
    /// A role.
    pub role: &'static str,
    /// A step.
    pub step: &'static str,
    /// A cause.
    pub cause: &'static str,
    /// A way to sign in.
    pub method: &'static str,
    /// What a line is about.
    pub on: &'static str,
    /// Who writes.
    pub by: &'static str,
    /// A level.
    pub level: &'static str,
    /// A shape of JSON lines.
    pub shape: &'static str,
    /// Which side of a call.
    pub kind: &'static str,
    /// How something ended.
    pub outcome: &'static str,
    /// When a line is written.
    pub at: &'static str,
}

/// English.
pub const EN: SignalsText = SignalsText {
    did_you_mean: |near| format!("did you mean `{near}`?"),
    one_of: |list| format!("one of: {list}"),
    unknown: |noun, word| format!("`{word}` is not {noun}"),
    empty: "must not be empty",
    empty_list: "must hold something",
    not_finite: "must be a finite number",
    out_of_range: |least, most| format!("must be between {least} and {most}"),
    range_order: "the first must not be greater than the second",
    not_a_pair: "must be two numbers: [from, to]",
    unknown_field: |name| format!("nothing is called `${name}`"),
    field_without_value: |name| format!("`${name}` has no value here"),
    field_identifies: |name| format!("`${name}` identifies somebody and must not stand in every line"),
    only_leaky: "put it into a line with `when.leaky = true`",
    name_taken: |name| format!("`${name}` already means something else"),
    one_of_two: |a, b| format!("needs either `{a}` or `{b}`"),
    condition_misplaced: |condition, on| format!("`{condition}` cannot be asked of a line on \"{on}\""),
    never: "nothing in demo/world.toml can ever meet all of these conditions",
    json_value: "a value that JSON has",
    attribute_value: "a text, a number, true, false or a list of texts",
    cnpj_base: "must be twelve digits or capital letters",
    nouns: Nouns {
        service: "a service of demo/world.toml",
        operation: "an operation of demo/world.toml",
        model: "a model of demo/world.toml",
        department: "a department of demo/world.toml",
        role: "a role of demo/world.toml",
        step: "a step of demo/world.toml",
        cause: "a cause",
        method: "one of `words.auth_methods`",
        on: "something that happens",
        by: "somebody who writes",
        level: "a level",
        shape: "a shape of this file",
        kind: "a kind of span",
        outcome: "an outcome",
        at: "a moment of a step",
    },
};
