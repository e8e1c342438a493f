//! Boxes at every width.

use plantao::command::CommandId;
use plantao::state::BoxKind;

use crate::desk::{Desk, PACK};

const VIEWS: [CommandId; 4] =
    [CommandId::Overview, CommandId::Department, CommandId::Hardware, CommandId::Models];

/// What stands on the page: panels and lists, in their order.
fn contents(desk: &Desk) -> Vec<String> {
    let boxes = desk.state.rows().into_iter().flat_map(|row| row.boxes);
    boxes
        .flat_map(|one| match one.kind {
            BoxKind::Panel(panel) => vec![panel.id.to_string()],
            BoxKind::Card(panels) => panels.iter().map(|panel| panel.id.to_string()).collect(),
            BoxKind::Alerts { department } => vec![format!("alerts {department:?}")],
            BoxKind::Suggestion => vec!["suggestion".to_owned()],
        })
        .collect()
}

#[test]
fn the_same_boxes_stand_on_a_page_at_every_width() {
    for view in VIEWS {
        let mut desk = Desk::new();
        desk.command(view);
        let expected = contents(&desk);
        assert!(!expected.is_empty());
        let unique: std::collections::BTreeSet<_> = expected.iter().collect();
        assert_eq!(unique.len(), expected.len(), "{view:?}: {expected:?}");
        for width in 80..=300 {
            desk.state.size = (width, 40);
            let mut now = contents(&desk);
            now.sort();
            let mut sorted = expected.clone();
            sorted.sort();
            assert_eq!(now, sorted, "{view:?} at {width}");
            for row in desk.state.rows() {
                assert!(!row.boxes.is_empty());
                let narrowest = width / row.boxes.len() as u16;
                assert!(
                    row.boxes.len() == 1 || narrowest >= 26,
                    "{view:?} at {width}: {} boxes",
                    row.boxes.len()
                );
                assert!(row.height.is_none_or(|height| height >= 3));
            }
        }
    }
}

#[test]
fn the_cursor_reaches_every_box_and_comes_back() {
    for width in [80, 120, 300] {
        for view in VIEWS {
            let mut desk = Desk::new();
            desk.state.size = (width, 24);
            desk.command(view);
            let count = desk.state.rows().iter().map(|row| row.boxes.len()).sum::<usize>();
            let focus = |desk: &Desk| {
                desk.state.places.pages.get(desk.state.view()).copied().unwrap_or_default().focus
            };
            let mut seen = std::collections::BTreeSet::new();
            for _ in 0..count {
                seen.insert(focus(&desk));
                desk.command(CommandId::NextBox);
            }
            assert_eq!((seen.len(), focus(&desk)), (count, 0), "{view:?} at {width}");
            for id in [CommandId::Bottom, CommandId::Top] {
                desk.command(id);
                assert_eq!(focus(&desk), if id == CommandId::Top { 0 } else { count - 1 });
            }
            for _ in 0..count + 5 {
                desk.command(CommandId::Down);
            }
            let rows = desk.state.rows();
            assert!(
                focus(&desk) >= count - rows.last().expect("a row").boxes.len(),
                "down leads to the last row"
            );
        }
    }
}

#[test]
fn enter_leads_somewhere_from_every_box() {
    for view in VIEWS {
        let mut start = Desk::new();
        start.command(view);
        let count = start.state.rows().iter().map(|row| row.boxes.len()).sum::<usize>();
        for at in 0..count {
            let mut desk = start.clone();
            (0..at).for_each(|_| drop(desk.command(CommandId::NextBox)));
            desk.command(CommandId::Open);
            assert_ne!(desk.state.view(), start.state.view(), "{view:?}: box {at}");
            desk.screen();
            desk.command(CommandId::Back);
            assert_eq!(desk.state.view(), start.state.view());
        }
    }
}

#[test]
fn every_view_has_a_name_and_every_name_a_view() {
    let names = plantao::state::view_names(&PACK);
    for name in &names {
        assert!(plantao::state::view_by_name(&PACK, name).is_some(), "{name}");
    }
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    for id in PACK.departments.iter().map(|one| &one.id) {
        assert_eq!(
            plantao::state::view_by_name(&PACK, id),
            plantao::state::view_by_name(&PACK, &format!("department/{id}"))
        );
    }
    for wrong in ["", "department", "department/nowhere", "OVERVIEW", "overview "] {
        assert_eq!(plantao::state::view_by_name(&PACK, wrong), None, "{wrong}");
    }
}
