//! What a style is for.

/// Declares roles with their names in theme files.
macro_rules! roles {
    ($( $id:ident $name:literal; )+) => {
        /// A purpose that has a style.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role {
            $( #[doc = concat!("`", $name, "`")] $id, )+
        }

        impl Role {
            /// Every role.
            pub const ALL: &[Self] = &[$(Self::$id),+];

            /// Its name in theme files; `a.b` falls back to `a`, and that to `text`.
            pub fn name(self) -> &'static str {
                match self {
                    $( Self::$id => $name, )+
                }
            }
        }
    };
}

roles! {
    Text "text";
    TextDim "text.dim";
    TextStrong "text.strong";
    Background "background";
    Border "border";
    BorderFocus "border.focus";
    BorderWarning "border.warning";
    BorderCritical "border.critical";
    BorderUnknown "border.unknown";
    Title "title";
    TitleFocus "title.focus";
    Header "header";
    HeaderProgram "header.program";
    HeaderTrail "header.trail";
    HeaderClock "header.clock";
    WindowLive "window.live";
    WindowPast "window.past";
    Badge "badge";
    FooterKey "footer.key";
    FooterText "footer.text";
    NoticeOk "notice";
    NoticeWarning "notice.warning";
    NoticeCritical "notice.critical";
    SeverityCritical "severity.critical";
    SeverityHigh "severity.high";
    SeverityMedium "severity.medium";
    SeverityLow "severity.low";
    SeverityNone "severity.none";
    LevelOk "level.ok";
    LevelWarning "level.warning";
    LevelCritical "level.critical";
    StateReady "state.ready";
    StateLoading "state.loading";
    StateStale "state.stale";
    StateFailed "state.failed";
    StateNoData "state.no_data";
    StateUnconfigured "state.unconfigured";
    AlertMuted "alert.muted";
    AlertPending "alert.pending";
    Column "column";
    Cursor "cursor";
    Selected "selected";
    Group "group";
    Label "label";
    Value "value";
    BarFill "bar.fill";
    BarTrack "bar.track";
    Spark "spark";
    Axis "axis";
    Chart1 "chart.1";
    Chart2 "chart.2";
    Chart3 "chart.3";
    Chart4 "chart.4";
    Chart5 "chart.5";
    Chart6 "chart.6";
    Chart7 "chart.7";
    Chart8 "chart.8";
    Mark "mark";
    Prompt "prompt";
    Match "match";
    Overlay "overlay";
    OverlayBorder "overlay.border";
}
