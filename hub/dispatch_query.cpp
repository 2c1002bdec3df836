#include "hub/dispatch_query.hpp"

#include "hub/http_answer.hpp"
#include "transport/http_message.hpp"

#include <string_view>

namespace tongbao::hub {
namespace {

constexpr char kBetween = ':';

/// The text up to the next colon, which is taken off; no unit has one in its id.
std::string_view take_to_colon(std::string_view& text) {
    const std::size_t colon = text.find(kBetween);
    const std::string_view part = text.substr(0, colon);
    text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    return part;
}

std::optional<storage::DispatchPlace> dispatch_place_from(std::string_view text) {
    const std::optional<DispatchStage> stage = dispatch_stage_from_word(take_to_colon(text));
    const Result<UnitId> from = parse_unit_id(take_to_colon(text));
    const std::optional<LogIndex> notice = index_from(take_to_colon(text));
    const Result<UnitId> unit = parse_unit_id(text);
    if (!stage || !from || !notice || !unit) return std::nullopt;
    return storage::DispatchPlace{*stage, *from, *notice, *unit};
}

}  // namespace

Checked<DispatchListQuery> read_dispatch_query(const std::string& target) {
    const Result<transport::Fields> fields = transport::query_fields(target);
    if (!fields) return Reason{Errc::bad_request, "query", {}};
    DispatchListQuery query;
    if (const auto text = transport::find_field(*fields, "state")) {
        query.stage = dispatch_stage_from_word(*text);
        if (!query.stage) {
            return Reason{Errc::bad_value, "state", "open, registered, evidenced or withdrawn"};
        }
    }
    if (const auto text = transport::find_field(*fields, "after")) {
        query.after = dispatch_place_from(*text);
        const bool other = query.after && query.stage && query.after->stage != *query.stage;
        if (!query.after || other) {
            return Reason{Errc::bad_value, "after", "the `next` of the page before"};
        }
    }
    if (const auto text = transport::find_field(*fields, "known_size")) {
        const std::optional<LogIndex> size = index_from(*text);
        if (!size) return Reason{Errc::bad_value, "known_size", "the size of a log"};
        query.known = TreeSize(size->value());
    }
    return query;
}

std::string cursor_text(const storage::DispatchPlace& place) {
    return std::string(word(place.stage)) + kBetween + place.from.value() + kBetween +
           std::to_string(place.notice.value()) + kBetween + place.unit.value();
}

}  // namespace tongbao::hub
