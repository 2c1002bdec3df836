#include "client/daemon/register_refresh.hpp"

#include "client/auditor/hub_answers.hpp"
#include "client/daemon/alarm.hpp"
#include "program/blocking.hpp"

#include <optional>
#include <string>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

constexpr const char* kRegister = "/v1/register";

}  // namespace

asio::awaitable<Result<void>> refresh_register(Services& services, KeyCopy& keys,
                                               HubRequests& requests) {
    const auto look = [&keys]() -> Result<std::optional<LogIndex>> { return keys.last(); };
    const Result<std::optional<LogIndex>> last = co_await run_blocking(services.pool, look);
    if (!last) co_return last.error();
    if (*last) {
        std::string rest(kRegister);
        rest += "?after=" + std::to_string((*last)->value());
        const Result<Bytes> answer = co_await requests.get(rest, kMaxRegisterAnswerBytes);
        if (!answer) co_return answer.error();
        bool decisive = true;
        const auto extend = [&services, &keys, &answer, &decisive] {
            const Result<void> extended = keys.extend(*answer);
            // Rows that nothing proved yet may be others now: then all of it is asked for.
            decisive = extended || extended.error() != Errc::log_forked || keys.all_proved();
            if (extended) services.register_seen(keys.keys());
            return extended;
        };
        const Result<void> extended = co_await run_blocking(services.pool, extend);
        if (extended) co_return Result<void>();
        if (decisive) {
            co_return raise_alarm(services, "register", {to_errc(extended.error()), {}, {}});
        }
    }
    const Result<Bytes> answer = co_await requests.get(kRegister, kMaxRegisterAnswerBytes);
    if (!answer) co_return answer.error();
    const auto adopt = [&services, &keys, &answer] {
        const Result<void> adopted = keys.adopt(*answer);
        if (adopted) services.register_seen(keys.keys());
        return adopted;
    };
    const Result<void> adopted = co_await run_blocking(services.pool, adopt);
    if (!adopted) co_return raise_alarm(services, "register", {to_errc(adopted.error()), {}, {}});
    co_return Result<void>();
}

}  // namespace tongbao::client
