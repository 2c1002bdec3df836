#include "client/daemon/search_question.hpp"

#include "domain/bytes.hpp"
#include "domain/case_number.hpp"
#include "domain/search_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::string_view kYes = "true";

Reason bad_parameter(const char* name, std::string words) {
    return {Errc::bad_value, name, std::move(words)};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

/// What one parameter says; the fault if it has one.
using Fault = std::optional<Reason>;
using Take = Fault (*)(const std::string& value, const Charter& charter, SearchRequest& request);

Fault take_words(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    std::vector<std::string> words = search_words(value);
    const bool fits = !words.empty() && words.size() <= kMaxSearchWords &&
                      count_code_points(value) <= kMaxSearchCodePoints;
    if (!fits) {
        return Reason{Errc::wrong_length, "q",
                      "1 to " + std::to_string(kMaxSearchWords) + " words, at most " +
                          std::to_string(kMaxSearchCodePoints) + " characters"};
    }
    request.question.words = std::move(words);
    return std::nullopt;
}

Fault take_kind(const std::string& value, const Charter& charter, SearchRequest& request) {
    KindId kind(value);
    if (charter.find_kind(kind) == nullptr) return Reason{Errc::unknown_kind, "kind", {}};
    request.question.kind = std::move(kind);
    return std::nullopt;
}

Fault take_sender(const std::string& value, const Charter& charter, SearchRequest& request) {
    Result<UnitId> unit = parse_unit_id(value);
    if (!unit || !charter.knows(*unit)) {
        return bad_parameter("from", "the charter has no such unit");
    }
    request.question.from = *std::move(unit);
    return std::nullopt;
}

Fault take_case(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    if (!parse_case_number(value)) return bad_parameter("case", "15 digits, a case number");
    request.question.case_number = CaseNumber(value);
    return std::nullopt;
}

Fault take_time(const char* name, const std::string& value, std::optional<UtcTime>& into) {
    const Result<UtcTime> time = parse_utc(value);
    if (!time) return bad_parameter(name, "a UTC time such as 2026-11-22T09:30:00.123Z");
    into = *time;
    return std::nullopt;
}

Fault take_since(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    return take_time("since", value, request.question.since);
}

Fault take_until(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    return take_time("until", value, request.question.until);
}

Fault take_limit(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    const std::optional<std::uint64_t> limit = number_in(value);
    if (!limit || *limit == 0 || *limit > kMostFoundNotices) {
        return bad_parameter("limit", "1 to " + std::to_string(kMostFoundNotices));
    }
    request.question.limit = static_cast<std::size_t>(*limit);
    return std::nullopt;
}

Fault take_before(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    const std::optional<std::uint64_t> before = number_in(value);
    if (!before) return bad_parameter("before", "the `next` of the page before");
    request.question.before = LogIndex(*before);
    return std::nullopt;
}

Fault take_unmask(const std::string& value, const Charter& /*charter*/, SearchRequest& request) {
    if (value != kYes && value != "false") return bad_parameter("unmask", "true or false");
    request.masking = value == kYes ? Masking::shown : Masking::masked;
    return std::nullopt;
}

struct SearchParameter {
    std::string_view name;
    Take take;
};

constexpr std::array kParameters{
    SearchParameter{"q", &take_words},       SearchParameter{"kind", &take_kind},
    SearchParameter{"from", &take_sender},   SearchParameter{"case", &take_case},
    SearchParameter{"since", &take_since},   SearchParameter{"until", &take_until},
    SearchParameter{"limit", &take_limit},   SearchParameter{"before", &take_before},
    SearchParameter{"unmask", &take_unmask},
};

}  // namespace

Checked<SearchRequest> search_request(const transport::Fields& query, const Charter& charter) {
    SearchRequest request;
    std::set<std::string_view> seen;
    for (const transport::Field& field : query) {
        const auto* const known =
            std::find_if(kParameters.begin(), kParameters.end(),
                         [&field](const SearchParameter& each) { return each.name == field.name; });
        if (known == kParameters.end()) {
            return Reason{Errc::unknown_member, field.name, "is no parameter of a search"};
        }
        if (!seen.insert(known->name).second) {
            return Reason{Errc::duplicate_member, field.name, "once in the query"};
        }
        if (Fault fault = known->take(field.value, charter, request)) return *std::move(fault);
    }
    if (request.question.words.empty()) {
        return Reason{Errc::missing_member, "q", "what is searched for"};
    }
    return request;
}

}  // namespace tongbao::client
