#pragma once

#include "tests/domain/ledger_fixture.hpp"

#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

enum class Deed { open, report, close, board, take_up, decline, reply, correct };

struct DrawnDeed {
    Deed deed{};
    std::uint32_t target{0};  ///< which of the cases or notices before
    std::string unit;
    std::string state;   ///< empty: none
    std::string number;  ///< empty: a decision without one
    std::int64_t fen{0};
    bool grave{false};
};

inline rc::Gen<std::vector<DrawnDeed>> any_deeds() {
    const auto one = rc::gen::exec([] {
        DrawnDeed drawn;
        drawn.deed = *rc::gen::weightedElement<Deed>({{2, Deed::open},
                                                      {10, Deed::report},
                                                      {4, Deed::close},
                                                      {1, Deed::board},
                                                      {2, Deed::take_up},
                                                      {2, Deed::decline},
                                                      {2, Deed::reply},
                                                      {5, Deed::correct}});
        drawn.target = *rc::gen::inRange<std::uint32_t>(0, 1000);
        drawn.unit = *rc::gen::element<std::string>("lake", "dike", "reeds", "local.440300.dike");
        drawn.state = *rc::gen::weightedElement<std::string>(
            {{2, ""}, {2, "investigating"}, {1, "decided"}, {6, "closed"}});
        drawn.number = *rc::gen::element<std::string>("", "甲〔2020〕1号", "甲〔2020〕2号");
        drawn.fen = *rc::gen::inRange<std::int64_t>(-1, 50);
        drawn.grave = *rc::gen::arbitrary<bool>();
        return drawn;
    });
    return rc::gen::container<std::vector<DrawnDeed>>(one);
}

/// Does what was drawn, as far as the ledger allows it.
class DrawnStory {
public:
    DrawnStory() : story(lake_charter()) {}

    void perform(const DrawnDeed& drawn) {
        if (drawn.deed == Deed::open || opened_.empty()) {
            keep(story.send(lake_notice("alarm", "lake",
                                        {text_field("matter", drawn.unit.c_str()),
                                         fen_field("involved_fen", drawn.fen)},
                                        {UnitId("dike"), UnitId("reeds")})),
                 opened_);
            return;
        }
        const SentNotice& of = opened_[drawn.target % opened_.size()];
        switch (drawn.deed) {
            case Deed::open:
                break;
            case Deed::report:
                keep(story.send(in_case(report(drawn), of)), sent_);
                break;
            case Deed::close:
                keep(story.send(in_case(closing(drawn), of)), sent_);
                break;
            case Deed::board:
                keep(story.send(in_case(board(drawn), of)), sent_);
                break;
            case Deed::take_up:
                refusal = story.act(EffectEvent::taken_up, of, drawn.grave ? "dike" : "reeds");
                break;
            case Deed::decline:
                refusal = story.act(EffectEvent::declined, of, drawn.grave ? "dike" : "reeds",
                                    drawn.fen > 9);
                break;
            case Deed::reply:
                reply(of, drawn.grave ? "dike" : "reeds");
                break;
            case Deed::correct:
                correct(drawn);
                break;
        }
    }

    [[nodiscard]] CaseFile file(std::size_t at) const { return story.file(opened_[at]); }
    [[nodiscard]] std::size_t cases() const { return opened_.size(); }

    CaseStory story;
    /// Why the last deed was refused.
    Reasons refusal;

private:
    void keep(SentNotice sent, std::vector<SentNotice>& among) {
        refusal = sent.reasons;
        if (sent.reasons.empty()) among.push_back(std::move(sent));
    }

    static Notice report(const DrawnDeed& drawn) {
        Notice out = lake_notice("report", drawn.unit.c_str(), {{"grave", drawn.grave}});
        if (!drawn.state.empty()) out.fields.push_back(text_field("state", drawn.state.c_str()));
        if (!drawn.number.empty()) out.fields.push_back(text_field("number", drawn.number.c_str()));
        const std::array kinds{"ordered_fen", "recovered_fen", "fine_fen", "paid_fen",
                               "involved_fen"};
        out.fields.push_back(fen_field(kinds[drawn.target % kinds.size()], drawn.fen));
        return out;
    }

    static Notice closing(const DrawnDeed& drawn) {
        Notice out =
            lake_notice("report", drawn.fen == 0 ? drawn.unit.c_str() : "lake", {{"close", true}});
        if (!drawn.state.empty()) out.fields.push_back(text_field("state", drawn.state.c_str()));
        if (drawn.fen > 10) out.fields.push_back(text_field("closing_reason", "甲"));
        return out;
    }

    static Notice board(const DrawnDeed& drawn) {
        return lake_notice("entry", "reeds",
                           {text_field("track", "board"),
                            text_field("state", drawn.grave ? "closed" : "proposed")});
    }

    void reply(const SentNotice& asked, const char* unit) {
        SentNotice answer = story.send(in_case(lake_notice("report", unit, {}), asked), &asked);
        refusal = answer.reasons;
        if (!refusal.empty()) return;
        refusal = story.replied(asked, answer);
        sent_.push_back(std::move(answer));
    }

    void correct(const DrawnDeed& drawn) {
        const std::vector<SentNotice>& among = sent_.empty() ? opened_ : sent_;
        const SentNotice wrong = among[drawn.target % among.size()];
        keep(story.send(lake_notice("correction", wrong.notice.from.value().c_str(), {}), &wrong),
             sent_);
    }

    std::vector<SentNotice> opened_;
    std::vector<SentNotice> sent_;
};

}  // namespace tongbao::testing
