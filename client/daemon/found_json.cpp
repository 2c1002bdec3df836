#include "client/daemon/found_json.hpp"

#include "client/daemon/searched_texts.hpp"
#include "domain/code_points.hpp"
#include "domain/masking.hpp"
#include "domain/search_text.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace tongbao::client {
namespace {

constexpr std::size_t kShownBefore = 20;
constexpr std::size_t kShownBehind = 40;
constexpr std::string_view kLeftOut = "…";

/// Where the code point begins that stands `count` before the one at `at`.
std::size_t step_back(std::string_view text, std::size_t at, std::size_t count) {
    while (at > 0 && count > 0) {
        --at;
        const bool first = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (first) --count;
    }
    return at;
}

std::size_t step_on(std::string_view text, std::size_t at, std::size_t count) {
    std::string_view rest = text.substr(at);
    for (; count > 0 && !rest.empty(); --count) static_cast<void>(take_code_point(rest));
    return text.size() - rest.size();
}

std::string part_of(std::string_view text, std::size_t begin, std::size_t end) {
    std::string part(begin == 0 ? "" : kLeftOut);
    part += text.substr(begin, end - begin);
    if (end != text.size()) part += kLeftOut;
    std::replace(part.begin(), part.end(), '\n', ' ');
    return part;
}

std::string_view time_member(storage::SearchBox box) {
    switch (box) {
        case storage::SearchBox::inbox:
            return "received_at";
        case storage::SearchBox::sent:
            return "sent_at";
        case storage::SearchBox::kept:
            break;
    }
    return "logged_at";
}

void write_found_value(protocol::JsonWriter& writer, const storage::SearchText& text, bool hidden,
                       const std::vector<std::string>& words) {
    writer.begin_object().member("field", text.name);
    if (hidden) {
        const std::string masked = mask_value(text.text);
        const std::size_t end = step_on(masked, 0, kShownBefore + kShownBehind);
        writer.member("value", part_of(masked, 0, end)).key("masked").boolean(true);
    } else {
        writer.member("value", excerpt(text.text, words));
    }
    writer.end_object();
}

}  // namespace

std::string excerpt(std::string_view text, const std::vector<std::string>& words) {
    std::optional<TextRange> first;
    for (const std::string& word : words) {
        const std::optional<TextRange> found = find_searched(text, word);
        if (found && (!first || found->begin < first->begin)) first = found;
    }
    const TextRange range = first.value_or(TextRange{});
    return part_of(text, step_back(text, range.begin, kShownBefore),
                   std::max(range.end, step_on(text, range.begin, kShownBehind)));
}

std::string write_found(const FoundPage& found, const SearchRequest& request,
                        const Charter& charter) {
    const storage::SearchPage& page = found.page;
    protocol::JsonWriter writer;
    writer.begin_object().key("notices").begin_array();
    for (const storage::SearchRow& row : page.rows) {
        writer.begin_object()
            .key("index")
            .number(row.index.value())
            .member("id", row.id.text())
            .member("kind", row.kind.value())
            .member("from", row.from.value())
            .member("title", row.title);
        if (!row.case_number.empty()) writer.member("case", row.case_number);
        writer.member(time_member(row.box), format_utc(row.at));
        writer.key("where").begin_array();
        for (const storage::SearchText& text : row.texts) {
            const bool hidden =
                request.masking == Masking::masked && is_masked(charter, row.kind, text.name);
            write_found_value(writer, text, hidden, request.question.words);
        }
        writer.end_array().end_object();
    }
    writer.end_array();
    if (page.next) writer.key("next").number(page.next->value());
    if (!found.complete) writer.key("catching_up").boolean(true);
    return writer.end_object().take();
}

}  // namespace tongbao::client
