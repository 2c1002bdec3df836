#include "client/daemon/case_question.hpp"

#include "domain/case_number.hpp"
#include "domain/identifiers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::int64_t kMostCases = 1000;

/// Reads a query member by member; the first fault is kept.
class CaseQuery {
public:
    CaseQuery(const transport::Fields& query, const Charter& charter) : charter_(charter) {
        for (const transport::Field& field : query) {
            if (!values_.emplace(field.name, field.value).second) {
                fail(Errc::duplicate_member, field.name, "once in the query");
            }
        }
    }

    std::optional<std::string> text(const char* name) {
        const auto found = values_.find(name);
        if (found == values_.end()) return std::nullopt;
        std::string value = std::move(found->second);
        values_.erase(found);
        return value;
    }

    bool flag(const char* name) {
        const std::optional<std::string> value = text(name);
        if (value && *value != "true" && *value != "false") {
            fail(Errc::bad_value, name, "true or false");
        }
        return value == "true";
    }

    std::optional<std::int64_t> number(const char* name, std::int64_t least, std::int64_t most) {
        const std::optional<std::string> value = text(name);
        if (!value) return std::nullopt;
        std::int64_t read = 0;
        const char* const end = value->data() + value->size();
        const auto [stop, error] = std::from_chars(value->data(), end, read);
        if (error != std::errc() || stop != end || value->empty() || read < least || read > most) {
            fail(Errc::bad_value, name,
                 "from " + std::to_string(least) + " to " + std::to_string(most));
            return std::nullopt;
        }
        return read;
    }

    std::optional<UnitId> unit(const char* name) {
        const std::optional<std::string> value = text(name);
        if (!value) return std::nullopt;
        const Result<UnitId> id = parse_unit_id(*value);
        if (id && charter_.knows(*id)) return *id;
        fail(Errc::bad_value, name, "the charter has no such unit");
        return std::nullopt;
    }

    std::optional<std::string> track(const char* name) {
        std::optional<std::string> value = text(name);
        if (value && charter_.find_track(*value) == nullptr) {
            fail(Errc::bad_value, name, "the charter has no such track");
        }
        return value;
    }

    std::optional<std::string> division(const char* name) {
        std::optional<std::string> value = text(name);
        if (value && !check_division(*value)) fail(Errc::bad_value, name, "six digits");
        return value;
    }

    std::optional<UtcTime> time(const char* name) {
        const std::optional<std::string> value = text(name);
        if (!value) return std::nullopt;
        const Result<UtcTime> read = parse_utc(*value);
        if (read) return *read;
        fail(Errc::bad_value, name, "a UTC time such as 2026-11-22T09:30:00.123Z");
        return std::nullopt;
    }

    /// Everything that was given must have been asked for.
    [[nodiscard]] std::optional<Reason> finish() {
        if (!values_.empty()) {
            fail(Errc::unknown_member, values_.begin()->first, "is no member of this query");
        }
        return fault_;
    }

    void fail(Errc code, std::string place, std::string words) {
        if (!fault_) fault_ = Reason{code, std::move(place), std::move(words)};
    }

private:
    const Charter& charter_;
    std::map<std::string, std::string, std::less<>> values_;
    std::optional<Reason> fault_;
};

std::optional<CaseState> state_of_word(std::string_view text) {
    for (const CaseState state :
         {CaseState::registered, CaseState::handling, CaseState::concluded, CaseState::reopened}) {
        if (word(state) == text) return state;
    }
    return std::nullopt;
}

struct QuestionWord {
    std::string_view word;
    storage::CaseQuestion question{};
    /// The member that names the track which it looks at; empty if none.
    const char* track;
};

constexpr std::array kQuestions{
    QuestionWord{"one_track", storage::CaseQuestion::one_track, ""},
    QuestionWord{"fine_without_transfer", storage::CaseQuestion::fine_without_transfer,
                 "transfer_track"},
    QuestionWord{"repeat", storage::CaseQuestion::repeat, ""},
    QuestionWord{"exposure_ready", storage::CaseQuestion::exposure_ready, "track"},
};

void read_question(CaseQuery& query, storage::CaseFilter& filter) {
    const std::optional<std::string> asked = query.text("question");
    if (!asked) return;
    const auto* const found =
        std::find_if(kQuestions.begin(), kQuestions.end(),
                     [&asked](const QuestionWord& each) { return each.word == *asked; });
    if (found == kQuestions.end()) {
        return query.fail(Errc::bad_value, "question",
                          "one_track, fine_without_transfer, repeat or exposure_ready");
    }
    filter.question = found->question;
    if (*found->track == '\0') return;
    const std::optional<std::string> track = query.track(found->track);
    if (!track) return query.fail(Errc::missing_member, found->track, "the question asks for it");
    filter.question_track = *track;
}

}  // namespace

Checked<storage::CaseFilter> case_filter(const transport::Fields& fields, const Charter& charter) {
    CaseQuery query(fields, charter);
    storage::CaseFilter filter;
    read_question(query, filter);
    if (const std::optional<std::string> state = query.text("state")) {
        filter.state = state_of_word(*state);
        if (!filter.state) {
            query.fail(Errc::bad_value, "state", "registered, handling, concluded or reopened");
        }
    }
    filter.track = query.track("track");
    filter.unit = query.unit("unit");
    filter.opened_by = query.unit("opened_by");
    filter.division = query.division("division");
    filter.major = query.flag("major");
    filter.supervised = query.flag("supervised");
    if (filter.question == storage::CaseQuestion::fine_without_transfer) {
        filter.threshold = Fen(query.number("threshold", 0, kMaxFen.value()).value_or(0));
    }
    filter.limit = static_cast<std::size_t>(query.number("limit", 1, kMostCases).value_or(100));
    if (std::optional<std::string> after = query.text("after")) {
        if (!parse_case_number(*after)) {
            query.fail(Errc::bad_value, "after", "the `next` of the page before");
        }
        filter.after = CaseNumber(*std::move(after));
    }
    static_cast<void>(query.flag("unmask"));
    if (std::optional<Reason> fault = query.finish()) return *std::move(fault);
    return filter;
}

Checked<MoneyQuestion> figures_question(const transport::Fields& fields, const Charter& charter) {
    CaseQuery query(fields, charter);
    MoneyQuestion question;
    question.from = query.time("from");
    question.until = query.time("until");
    question.sender = query.unit("unit");
    question.division = query.division("division");
    if (std::optional<Reason> fault = query.finish()) return *std::move(fault);
    return question;
}

}  // namespace tongbao::client
