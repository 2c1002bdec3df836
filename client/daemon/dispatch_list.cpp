#include "client/daemon/dispatch_list.hpp"

#include "client/daemon/due_question.hpp"
#include "client/daemon/proved_entry.hpp"
#include "crypto/sha256.hpp"
#include "protocol/act_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tongbao::client {
namespace {

/// The sender's acts, and what took the notice back.
constexpr std::size_t kMostDispatchActs = 2;
constexpr std::size_t kMostDispatchEntries = kMostDispatchActs + 2;

Reason not_of_the_item(std::string place, const char* words) {
    return {Errc::entry_mismatch, std::move(place), words};
}

std::string place_in(const std::string& list, std::size_t at) {
    return list + '[' + std::to_string(at) + ']';
}

/// Whether the unit may know of items of such a notice.
bool may_know(const LoggedEvent& notice, const UnitId& own, const Charter& charter) {
    if (notice.from == own) return true;
    const Kind* const kind = charter.find_kind(notice.kind);
    // A kind that this charter does not have may be one of a later version.
    const bool hidden = kind != nullptr && kind->office_sees == OfficeSees::none;
    return own == charter.parts().office.unit && !hidden;
}

/// Checks one item of the answer, entry by entry.
class ItemCheck {
public:
    ItemCheck(const UnitId& own, const Charter& charter, const LogFollower& log, std::string place)
        : own_(own), charter_(charter), log_(log), place_(std::move(place)) {}

    [[nodiscard]] Checked<DispatchItem> read(const protocol::JsonValue& value) {
        protocol::ObjectReader reader(value, place_);
        item_.unit = UnitId(reader.text("unit"));
        const std::optional<DispatchStage> state = dispatch_stage_from_word(reader.text("state"));
        if (!state) reader.fail(Errc::bad_value, "state");
        const protocol::JsonValue::Array& entries = reader.array("entries");
        const bool told = reader.has("acts");
        const std::vector<Bytes> acts = told ? acts_in(reader) : std::vector<Bytes>();
        if (const auto fault = reader.finish()) {
            return Reason{Errc::protocol_violation, fault->place, fault->explanation};
        }
        item_.state = *state;
        if (entries.empty() || entries.size() > kMostDispatchEntries) {
            return not_of_the_item(place_ + ".entries", "the notice's own, and what speaks of it");
        }
        for (std::size_t at = 0; at < entries.size(); ++at) {
            const Checked<void> good =
                take_entry(entries[at], at, place_in(place_ + ".entries", at));
            if (!good) return good.error();
        }
        const Checked<void> said = told ? take_acts(acts) : check_untold();
        if (!said) return said.error();
        if (!is_state_right(told)) {
            return not_of_the_item(place_ + ".state", "is not what the entries and acts say");
        }
        return std::move(item_);
    }

private:
    [[nodiscard]] static std::vector<Bytes> acts_in(protocol::ObjectReader& reader) {
        std::vector<Bytes> acts;
        for (const protocol::JsonValue& each : reader.array("acts")) {
            const auto* const text = std::get_if<std::string_view>(&each.value);
            Result<Bytes> bytes = text == nullptr ? Errc::wrong_type : from_base64(*text);
            if (!bytes) reader.fail(Errc::bad_value, "acts", "each is an act's bytes in base64");
            if (bytes) acts.push_back(*std::move(bytes));
        }
        return acts;
    }

    [[nodiscard]] Checked<void> take_entry(const protocol::JsonValue& value, std::size_t at,
                                           const std::string& place) {
        Checked<TrailEvent> event = read_proved_entry(value, place, log_);
        if (!event) return event.error();
        if (at == 0) return take_notice(*event, place);
        if (event->index <= last_) return not_of_the_item(place, "is not in its place");
        if (event->hidden != hidden_) return not_of_the_item(place, "is not hidden as the notice");
        last_ = event->index;
        if (const auto* const act = std::get_if<ActEvent>(&event->entry.event)) {
            return take_act_entry(*event, *act, place);
        }
        const auto* const done = std::get_if<AnsweredActEvent>(&event->entry.event);
        const bool ends = done != nullptr && !item_.ended && done->notice == item_.notice &&
                          done->from == item_.from &&
                          (done->act == AnsweredAct::correct || done->act == AnsweredAct::withdraw);
        if (!ends) return not_of_the_item(place, "does not speak of this item");
        item_.ended = event->index;
        return {};
    }

    [[nodiscard]] Checked<void> take_notice(const TrailEvent& event, const std::string& place) {
        const auto* const logged = std::get_if<LoggedEvent>(&event.entry.event);
        if (logged == nullptr) return not_of_the_item(place, "is no notice's own");
        if (!contains(logged->to, item_.unit) && !contains(logged->cc, item_.unit)) {
            return not_of_the_item(place, "the notice does not go to this recipient");
        }
        if (!may_know(*logged, own_, charter_)) {
            return not_of_the_item(place, "this unit is not to know of it");
        }
        last_ = event.index;
        hidden_ = event.hidden;
        item_.notice = {logged->leaf.sha256, event.index};
        item_.kind = logged->kind;
        item_.from = logged->from;
        item_.logged = event.entry.time;
        item_.case_number = logged->case_number;
        return {};
    }

    [[nodiscard]] Checked<void> take_act_entry(const TrailEvent& event, const ActEvent& act,
                                               const std::string& place) {
        const bool of_item = act.act == ActKind::dispatched && act.from == item_.from &&
                             act.unit == item_.unit && act.notices.size() == 1 &&
                             act.notices.front() == item_.notice &&
                             item_.acts.size() < kMostDispatchActs;
        if (!of_item) return not_of_the_item(place, "does not speak of this item");
        item_.acts.push_back({event.index, event.entry.time, std::nullopt});
        digests_.push_back(act.leaf.sha256);
        return {};
    }

    [[nodiscard]] Checked<void> take_acts(const std::vector<Bytes>& acts) {
        if (acts.size() != item_.acts.size()) {
            return not_of_the_item(place_ + ".acts", "each act has its entry");
        }
        for (std::size_t at = 0; at < acts.size(); ++at) {
            Checked<Act> act = protocol::read_act(acts[at]);
            const bool right = crypto::sha256(acts[at]) == digests_[at] && act && act->dispatch &&
                               act->from == item_.from && act->dispatch->to == item_.unit &&
                               act->notices.size() == 1 && act->notices.front() == item_.notice;
            if (!right) {
                return not_of_the_item(place_in(place_ + ".acts", at),
                                       "is not the act that the entry names");
            }
            item_.acts[at].said = std::move(act->dispatch);
        }
        return {};
    }

    [[nodiscard]] Checked<void> check_untold() const {
        if (item_.from != own_) return {};
        return not_of_the_item(place_ + ".acts", "the unit's own acts are not there");
    }

    [[nodiscard]] bool is_state_right(bool told) const {
        if (item_.ended) return item_.state == DispatchStage::withdrawn;
        if (item_.acts.empty()) return item_.state == DispatchStage::open;
        const bool evidenced =
            item_.acts.size() == kMostDispatchActs ||
            std::any_of(item_.acts.begin(), item_.acts.end(),
                        [](const auto& act) { return act.said && act.said->evidence; });
        if (evidenced) return item_.state == DispatchStage::evidenced;
        // Whether the one act came with the evidence, only who may read it sees.
        return item_.state == DispatchStage::registered ||
               (!told && item_.state == DispatchStage::evidenced);
    }

    const UnitId& own_;
    const Charter& charter_;
    const LogFollower& log_;
    std::string place_;
    DispatchItem item_;
    LogIndex last_;
    /// The notice is, from all but its parties.
    bool hidden_{false};
    /// Of the acts that the entries name.
    std::vector<Digest> digests_;
};

void write_dispatch_said(protocol::JsonWriter& writer, const Dispatch& said) {
    writer.member("method", said.method).member("at", said.at);
    if (said.number) writer.member("number", *said.number);
    if (said.evidence) writer.member("evidence", said.evidence->hex());
}

}  // namespace

Checked<DispatchList> read_dispatch_list(BytesView answer, const DispatchQuestion& question,
                                         const UnitId& own, const Charter& charter,
                                         LogFollower known) {
    const auto bad_form = [](const Reason& fault) {
        return Reason{Errc::protocol_violation, fault.place, fault.explanation};
    };
    const Checked<protocol::JsonDocument> value = protocol::read_json(answer, kMaxDispatchBytes);
    if (!value) return bad_form(value.error());
    protocol::ObjectReader reader(*value, "");
    const std::string checkpoint = reader.text("checkpoint");
    const protocol::HeadUpdate head{checkpoint, digests_from(reader, "consistency")};
    const protocol::JsonValue::Array& items = reader.array("items");
    DispatchList list;
    list.next = reader.optional_text("next").value_or("");
    if (!list.next.empty() && !is_due_cursor(list.next)) reader.fail(Errc::bad_value, "next");
    if (items.size() > kMaxDispatchItems) reader.fail(Errc::too_large, "items");
    if (const auto fault = reader.finish()) return bad_form(*fault);
    const Result<void> extends = known.advance(head);
    if (!extends) return Reason{to_errc(extends.error()), "checkpoint", {}};
    for (const protocol::JsonValue& each : items) {
        const std::string place = place_in("items", list.items.size());
        Checked<DispatchItem> item = ItemCheck(own, charter, known, place).read(each);
        if (!item) return item.error();
        if (question.state && item->state != *question.state) {
            return Reason{Errc::protocol_violation, place + ".state", "was not asked for"};
        }
        list.items.push_back(*std::move(item));
    }
    return list;
}

std::string write_dispatch_list(const DispatchList& list) {
    protocol::JsonWriter writer;
    writer.begin_object().key("dispatches").begin_array();
    for (const DispatchItem& item : list.items) {
        writer.begin_object().key("notice").begin_object();
        writer.member("sha256", item.notice.sha256.hex());
        writer.key("index").number(item.notice.index.value()).end_object();
        if (item.id) writer.member("id", item.id->value().text()).member("title", item.title);
        writer.member("kind", item.kind.value()).member("from", item.from.value());
        if (item.case_number) writer.member("case", item.case_number->value());
        writer.member("unit", item.unit.value()).member("state", word(item.state));
        writer.member("since", format_utc(item.logged)).key("acts").begin_array();
        for (const RegisteredDispatch& act : item.acts) {
            writer.begin_object().key("index").number(act.index.value());
            writer.member("time", format_utc(act.time));
            if (act.said) write_dispatch_said(writer, *act.said);
            writer.end_object();
        }
        writer.end_array();
        if (item.ended) writer.key("ended").number(item.ended->value());
        writer.end_object();
    }
    writer.end_array();
    if (!list.next.empty()) writer.member("next", list.next);
    return writer.end_object().take();
}

}  // namespace tongbao::client
