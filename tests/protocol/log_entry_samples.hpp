#pragma once

#include "domain/log_entry.hpp"

#include "samples.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tongbao::samples {

/// An entry and the text that it has.
struct Sample {
    LogEntry entry;
    std::string text;
};

inline const SignedLeaf kLeaf{digest_of(0x01), digest_of(0x02), digest_of(0x03), digest_of(0x04)};

inline std::string leaf_text() {
    return R"("sha256":")" + hex_of("01") + R"(","leaf_hash":")" + hex_of("02") +
           R"(","statement":")" + hex_of("03") + R"(","signer":")" + hex_of("04") + '"';
}

inline std::string ref_text(const std::string& byte, const std::string& index) {
    return R"({"sha256":")" + hex_of(byte) + R"(","index":)" + index + '}';
}

inline LogEntry entry_of(LogEvent event) {
    LogEntry entry;
    entry.time = at(9, 30, 1, 7);
    for (std::uint8_t i = 0; i < 16; ++i) entry.salt[i] = i;
    entry.event = std::move(event);
    return entry;
}

inline Sample sample(LogEvent event, const std::string& word, const std::string& members) {
    return {entry_of(std::move(event)),
            R"({"format":"tongbao/log-entry/v1","event":")" + word +
                R"(","time":"2026-11-22T09:30:01.007Z","salt":"AAECAwQFBgcICQoLDA0ODw==",)" +
                members + '}'};
}

inline Sample act_sample(ActKind kind, const std::string& word) {
    return sample(
        ActEvent{
            kLeaf, kind, UnitId("bureau_b"), {{digest_of(0x0a), LogIndex(17)}}, digest_of(0x05)},
        word,
        R"("from":"bureau_b","notices":[)" + ref_text("0a", "17") + "]," + leaf_text() +
            R"(,"register":")" + hex_of("05") + '"');
}

inline Sample dispatch_sample() {
    return sample(ActEvent{kLeaf,
                           ActKind::dispatched,
                           UnitId("bureau_a"),
                           {{digest_of(0x0a), LogIndex(17)}},
                           digest_of(0x05),
                           UnitId("court")},
                  "dispatched",
                  R"("from":"bureau_a","notices":[)" + ref_text("0a", "17") +
                      R"(],"unit":"court",)" + leaf_text() + R"(,"register":")" + hex_of("05") +
                      '"');
}

inline Sample closing_sample() {
    return sample(ActEvent{kLeaf,
                           ActKind::closed_by_sender,
                           UnitId("bureau_a"),
                           {{digest_of(0x0a), LogIndex(17)}},
                           digest_of(0x05),
                           UnitId("bureau_b")},
                  "closed_by_sender",
                  R"("from":"bureau_a","notices":[)" + ref_text("0a", "17") +
                      R"(],"unit":"bureau_b",)" + leaf_text() + R"(,"register":")" + hex_of("05") +
                      '"');
}

inline EscalatedEvent step_of_reply(EscalationDeed deed) {
    return {{digest_of(0x0a), LogIndex(17)}, UnitId("bureau_b"), 2, 1, 0, 2, deed, at(8, 0, 0, 0)};
}

inline AnsweredActEvent done(AnsweredAct act) {
    return {
        act, UnitId("bureau_a"), {digest_of(0x0a), LogIndex(17)}, {digest_of(0x0b), LogIndex(23)}};
}

inline AnsweredActEvent done_there(AnsweredAct act) {
    AnsweredActEvent event = done(act);
    event.unit = UnitId("bureau_b");
    return event;
}

inline std::string done_text() {
    return R"("from":"bureau_a","notice":)" + ref_text("0a", "17") + R"(,"by":)" +
           ref_text("0b", "23");
}

inline LoggedEvent late_notice() {
    LoggedEvent event{kLeaf,
                      UnitId("bureau_a"),
                      {UnitId("bureau_b")},
                      {},
                      KindId("case_transfer"),
                      CharterId("sample_2026"),
                      CharterVersion(3),
                      digest_of(0x05)};
    event.late = {"send_within", "checks[2]"};
    return event;
}

/// One entry of each event, with the text that docs/LOG_FORMAT.md gives it.
inline std::vector<Sample> entry_samples() {
    const std::string charter = R"("charter":{"id":"sample_2026","version":3})";
    return {
        sample(LoggedEvent{kLeaf,
                           UnitId("bureau_a"),
                           {UnitId("bureau_b"), UnitId("local.990000.clinic")},
                           {UnitId("office")},
                           KindId("case_transfer"),
                           CharterId("sample_2026"),
                           CharterVersion(3),
                           digest_of(0x05)},
               "logged",
               R"("from":"bureau_a","to":["bureau_b","local.990000.clinic"],"cc":["office"],)"
               R"("kind":"case_transfer",)" +
                   charter + ',' + leaf_text() + R"(,"register":")" + hex_of("05") + '"'),
        sample(
            RefusedEvent{kLeaf,
                         UnitId("bureau_a"),
                         KindId("case_transfer"),
                         {Errc::unknown_kind, Errc::missing_field}},
            "refused",
            R"("from":"bureau_a","kind":"case_transfer","reasons":["unknown_kind","missing_field"],)" +
                leaf_text()),
        sample(RefusedEvent{kLeaf, UnitId("bureau_a"), std::nullopt, {Errc::malformed_json}},
               "refused", R"("from":"bureau_a","reasons":["malformed_json"],)" + leaf_text()),
        act_sample(ActKind::delivered, "delivered"),
        act_sample(ActKind::signed_for, "signed_for"),
        act_sample(ActKind::opened, "opened"),
        act_sample(ActKind::taken_up, "taken_up"),
        act_sample(ActKind::declined, "declined"),
        sample(RepliedEvent{UnitId("bureau_b"),
                            {digest_of(0x0a), LogIndex(17)},
                            {digest_of(0x0b), LogIndex(23)}},
               "replied",
               R"("from":"bureau_b","asked":)" + ref_text("0a", "17") + R"(,"answer":)" +
                   ref_text("0b", "23")),
        sample(RegisterEvent{std::nullopt, CharterAdopted{CharterId("sample_2026"),
                                                          CharterVersion(3), digest_of(0x06)}},
               "charter_adopted", charter + R"(,"sha256":")" + hex_of("06") + '"'),
        sample(RegisterEvent{digest_of(0x07), LogKeyAnnounced{"log.example+00000000+AQID"}},
               "log_key",
               R"("predecessor":")" + hex_of("07") +
                   R"(","verifier_key":"log.example+00000000+AQID")"),
        sample(
            RegisterEvent{digest_of(0x07),
                          KeyEnrolled{"spiffe://sample.example/unit/bureau_a/sign", {0, 1, 2}}},
            "key_enrolled",
            R"("predecessor":")" + hex_of("07") +
                R"(","spiffe":"spiffe://sample.example/unit/bureau_a/sign","certificate":"AAEC")"),
        sample(
            RegisterEvent{digest_of(0x07), KeyRevoked{"spiffe://sample.example/unit/bureau_a/sign",
                                                      digest_of(0x08)}},
            "key_revoked",
            R"("predecessor":")" + hex_of("07") +
                R"(","spiffe":"spiffe://sample.example/unit/bureau_a/sign","certificate_sha256":")" +
                hex_of("08") + '"'),
        sample(
            RegisterEvent{digest_of(0x07),
                          KeyEnrolled{"spiffe://sample.example/unit/bureau_a/daemon",
                                      {0, 1, 2},
                                      SignedConsent{"one line\nanother line\n", {3, 4, 5}}}},
            "key_enrolled",
            R"("predecessor":")" + hex_of("07") +
                R"(","spiffe":"spiffe://sample.example/unit/bureau_a/daemon","certificate":"AAEC",)"
                R"("consent":{"text":"one line\nanother line\n","signature":"AwQF"})"),
        sample(
            RegisterEvent{digest_of(0x07), KeyRevoked{"spiffe://sample.example/unit/bureau_a/sign",
                                                      digest_of(0x08), at(8, 0, 0, 0)}},
            "key_revoked",
            R"("predecessor":")" + hex_of("07") +
                R"(","spiffe":"spiffe://sample.example/unit/bureau_a/sign","certificate_sha256":")" +
                hex_of("08") + R"(","compromised_since":"2026-11-22T08:00:00.000Z")"),
        sample(step_of_reply(EscalationDeed::urge), "escalated",
               R"("notice":)" + ref_text("0a", "17") +
                   R"(,"unit":"bureau_b","clock":2,"reply":1,"limit":0,"step":2,"deed":"urge",)"
                   R"("due":"2026-11-22T08:00:00.000Z")"),
        sample(step_of_reply(EscalationDeed::mark_overdue), "overdue",
               R"("notice":)" + ref_text("0a", "17") +
                   R"(,"unit":"bureau_b","clock":2,"reply":1,"limit":0,"step":2,)"
                   R"("due":"2026-11-22T08:00:00.000Z")"),
        sample(EscalatedEvent{{digest_of(0x0a), LogIndex(17)},
                              UnitId("bureau_b"),
                              0,
                              std::nullopt,
                              0,
                              0,
                              EscalationDeed::remind,
                              at(8, 0, 0, 0)},
               "escalated",
               R"("notice":)" + ref_text("0a", "17") +
                   R"(,"unit":"bureau_b","clock":0,"limit":0,"step":0,"deed":"remind",)"
                   R"("due":"2026-11-22T08:00:00.000Z")"),
        sample(ClosedEvent{{digest_of(0x0a), LogIndex(17)}, UnitId("bureau_b")}, "closed",
               R"("notice":)" + ref_text("0a", "17") + R"(,"unit":"bureau_b")"),
        sample(LoggedEvent{kLeaf,
                           UnitId("bureau_a"),
                           {UnitId("bureau_b")},
                           {},
                           KindId("case_transfer"),
                           CharterId("sample_2026"),
                           CharterVersion(3),
                           digest_of(0x05),
                           {},
                           CaseNumber("440000202600001"),
                           true},
               "logged",
               R"("from":"bureau_a","to":["bureau_b"],"cc":[],"kind":"case_transfer",)" + charter +
                   R"(,"case":"440000202600001","case_opened":true,)" + leaf_text() +
                   R"(,"register":")" + hex_of("05") + '"'),
        sample(done(AnsweredAct::withdraw), "withdrawn", done_text()),
        sample(
            [] {
                AnsweredActEvent event = done(AnsweredAct::correct);
                event.restored = {{{digest_of(0x0c), LogIndex(5)}, UnitId("bureau_a")},
                                  {{digest_of(0x0d), LogIndex(3)}, UnitId("bureau_c")}};
                return event;
            }(),
            "corrected",
            done_text() + R"(,"restored":[{"notice":)" + ref_text("0c", "5") +
                R"(,"unit":"bureau_a"},{"notice":)" + ref_text("0d", "3") +
                R"(,"unit":"bureau_c"}])"),
        sample(
            [] {
                AnsweredActEvent event = done(AnsweredAct::extend);
                event.unit = UnitId("bureau_b");
                event.clocks = {1, 3};
                event.due = at(16, 0, 0, 0);
                return event;
            }(),
            "extended",
            done_text() + R"(,"unit":"bureau_b","clocks":[1,3],"due":"2026-11-22T16:00:00.000Z")"),
        sample(done_there(AnsweredAct::urge), "urged", done_text() + R"(,"unit":"bureau_b")"),
        sample(done_there(AnsweredAct::supervise), "supervised",
               done_text() + R"(,"unit":"bureau_b")"),
        dispatch_sample(),
        closing_sample(),
        sample(OpaqueEvent{digest_of(0x0e)}, "opaque", R"("record":")" + hex_of("0e") + '"'),
        sample(late_notice(), "logged",
               R"("from":"bureau_a","to":["bureau_b"],"cc":[],"kind":"case_transfer",)" + charter +
                   ',' + leaf_text() + R"(,"register":")" + hex_of("05") +
                   R"(","late":["send_within","checks[2]"])"),
    };
}

}  // namespace tongbao::samples
