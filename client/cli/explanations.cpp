#include "client/cli/explanations.hpp"

#include "client/cli/json_view.hpp"
#include "domain/bytes.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

constexpr std::size_t kMostNamed = 3;

bool is_whole(const ExplanationWords& words) {
    return !words.what.empty() && !words.where.empty() && !words.todo.empty();
}

}  // namespace

std::optional<Explanation> explanation_of(Errc errc) {
    const std::string_view text = explanations_json();
    const Checked<protocol::JsonDocument> all = protocol::read_json(as_bytes(text), text.size());
    if (!all) return std::nullopt;
    const JsonView both(JsonView(*all).member(code(errc)));
    const JsonView en(both.member("en"));
    const JsonView zh(both.member("zh"));
    // The English sentence stands with the code, where problem details take it from.
    Explanation explanation{{std::string(sentence(errc)), en.text("where"), en.text("do")},
                            {zh.text("what"), zh.text("where"), zh.text("do")}};
    if (!is_whole(explanation.en) || !is_whole(explanation.zh)) return std::nullopt;
    return explanation;
}

std::string explain_hint(const std::vector<Errc>& codes) {
    std::vector<Errc> named;
    for (const Errc each : codes) {
        if (named.size() == kMostNamed) break;
        if (std::find(named.begin(), named.end(), each) == named.end()) named.push_back(each);
    }
    std::string hint;
    for (const Errc each : named) {
        hint += (hint.empty() ? "See `tongbao explain " : "`, `tongbao explain ");
        hint += code(each);
    }
    return hint.empty() ? hint : hint + "`.";
}

}  // namespace tongbao::client
