#include "client/cli/daemon_list.hpp"

#include "client/cli/json_view.hpp"
#include "transport/http_message.hpp"

#include <utility>

namespace tongbao::client {
namespace {

// About a hundred thousand items: a list that never came to an end would fill the memory.
constexpr std::size_t kMostPages = 400;
constexpr std::size_t kMostListBytes = std::size_t{128} * 1024 * 1024;

}  // namespace

Target& Target::add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    text_ += has_parameters_ ? '&' : '?';
    has_parameters_ = true;
    text_ += std::string(name) + '=' + transport::percent_encode(value);
    return *this;
}

Attempt<ListedItems> fetch_list(DaemonClient& daemon, const Target& target,
                                const ListWanted& wanted) {
    ListedItems list;
    Target page = target;
    for (std::size_t bytes = 0;;) {
        if (list.pages.size() == kMostPages || bytes > kMostListBytes) {
            return Failure{program::ExitCode::refused,
                           "there is more than can be shown: " + wanted.advice, ""};
        }
        Attempt<Answer> answer = daemon.get(page.text());
        if (!answer) return answer.error();
        bytes += answer->text.size();
        list.pages.push_back(*std::move(answer));
        const JsonView view(list.pages.back().json);
        for (const protocol::JsonValue& item : view.array(wanted.items)) {
            if (list.items.size() == wanted.most) {
                list.more = true;
                return list;
            }
            list.items.push_back(&item);
        }
        const std::string next = view.text("next");
        if (next.empty()) return list;
        if (list.items.size() == wanted.most) {
            list.more = true;
            return list;
        }
        page = target;
        page.add("after", next);
    }
}

}  // namespace tongbao::client
