#include "domain/step_addressees.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace tongbao;

namespace {

using Side = EscalationSide;

EscalationStep step_to(EscalationDeed deed, std::vector<EscalationTarget> to) {
    EscalationStep step;
    step.deed = deed;
    step.to = std::move(to);
    return step;
}

Post post_of(const char* id, const char* unit_or_group) {
    Post post;
    post.id = PostId(id);
    post.unit_or_group = unit_or_group;
    return post;
}

/// An invented charter: lake hosts the office and has a warden, each member a contact, the office a
/// clerk. Alarms are escalated.
CharterParts warned_charter() {
    CharterParts parts;
    for (const char* const id : {"lake", "dike", "office", "press"}) {
        Unit unit;
        unit.id = UnitId(id);
        parts.units.push_back(unit);
    }
    parts.groups["members"] = {UnitId("lake"), UnitId("dike")};
    parts.office.unit = UnitId("office");
    parts.office.host = UnitId("lake");
    parts.posts = {post_of("warden", "lake"), post_of("contact", "members"),
                   post_of("clerk", "office")};
    parts.escalations["usual"].steps = {
        step_to(EscalationDeed::remind, {}), step_to(EscalationDeed::urge, {}),
        step_to(EscalationDeed::mark_overdue, {}), step_to(EscalationDeed::urge, {})};
    Kind kind;
    kind.id = KindId("alarm");
    kind.escalation = "usual";
    parts.kinds = {kind};
    return parts;
}

/// `<unit> <post>` of each that is reminded of what lake sent and `recipient` owes; a dash for the
/// unit itself.
std::vector<std::string> reminded(std::vector<EscalationTarget> to, const char* recipient = "dike",
                                  const char* sender = "lake",
                                  CharterParts parts = warned_charter()) {
    const Charter charter(std::move(parts));
    const EscalationStep step = step_to(EscalationDeed::remind, std::move(to));
    std::vector<std::string> lines;
    for (const StepAddressee& each :
         step_addressees(charter, step, UnitId(sender), UnitId(recipient))) {
        lines.push_back(each.unit.value() + ' ' + (each.post ? each.post->value() : "-"));
    }
    return lines;
}

using Lines = std::vector<std::string>;

/// The place of the step that is found in the charter, `none` if none is.
std::string found(std::size_t step, EscalationDeed deed, const char* kind = "alarm") {
    const Charter charter(warned_charter());
    const EscalationStep* const rule = find_step(charter, KindId(kind), step, deed);
    if (rule == nullptr) return "none";
    return std::to_string(rule - charter.parts().escalations.at("usual").steps.data());
}

}  // namespace

TEST_SUITE("whom a step reminds") {
    TEST_CASE("a post of the recipient and of the sender is that of the unit that has it") {
        CHECK(reminded({{PostId("contact"), Side::recipient}}) == Lines{"dike contact"});
        CHECK(reminded({{PostId("contact"), Side::sender}}) == Lines{"lake contact"});
        CHECK(reminded({{PostId("contact"), Side::recipient}, {PostId("contact"), Side::sender}}) ==
              Lines{"dike contact", "lake contact"});
        CHECK(reminded({{PostId("warden"), Side::sender}}) == Lines{"lake warden"});
    }

    TEST_CASE("a post of the office is one of the office or of the unit that hosts it") {
        CHECK(reminded({{PostId("clerk"), Side::office}}) == Lines{"office clerk"});
        CHECK(reminded({{PostId("warden"), Side::office}}) == Lines{"lake warden"});
        CHECK(reminded({{PostId("contact"), Side::office}}) == Lines{"lake contact"});
        // Where both have it, both.
        CharterParts parts = warned_charter();
        parts.groups["members"].push_back(UnitId("office"));
        CHECK(reminded({{PostId("contact"), Side::office}}, "dike", "lake", parts) ==
              Lines{"office contact", "lake contact"});
        // An office that hosts itself is reminded once.
        parts.office.host = UnitId("office");
        CHECK(reminded({{PostId("clerk"), Side::office}}, "dike", "lake", parts) ==
              Lines{"office clerk"});
    }

    TEST_CASE("a unit without the post is reminded itself and nobody twice") {
        CHECK(reminded({{PostId("warden"), Side::recipient}}) == Lines{"dike -"});
        CHECK(reminded({{PostId("contact"), Side::recipient}}, "local.440300.dike") ==
              Lines{"local.440300.dike -"});
        CHECK(reminded({{PostId("nobody"), Side::office}}) == Lines{"office -"});
        CHECK(reminded({{PostId("contact"), Side::sender}, {PostId("contact"), Side::office}}) ==
              Lines{"lake contact"});
        CHECK(reminded({{PostId("warden"), Side::recipient}, {PostId("clerk"), Side::recipient}}) ==
              Lines{"dike -"});
        CHECK(reminded({}).empty());
    }

    TEST_CASE("a step is the one at its place if that has its deed") {
        CHECK(found(0, EscalationDeed::remind) == "0");
        CHECK(found(1, EscalationDeed::urge) == "1");
        CHECK(found(3, EscalationDeed::urge) == "3");
    }

    TEST_CASE("under a charter that changed the first step with the deed counts, if there is one") {
        CHECK(found(0, EscalationDeed::urge) == "1");
        CHECK(found(2, EscalationDeed::urge) == "1");
        CHECK(found(9, EscalationDeed::mark_overdue) == "2");
        CHECK(found(0, EscalationDeed::supervise) == "none");
        CHECK(found(0, EscalationDeed::remind, "older_kind") == "none");
    }
}
