#include "client/daemon/expiry.hpp"

#include "transport/completion.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace tongbao::client {

namespace asio = boost::asio;

namespace {

constexpr std::int64_t kUrgentDays = 7;

}  // namespace

std::int64_t days_left(UtcTime not_after, UtcTime now) {
    return std::chrono::floor<std::chrono::days>(not_after - now).count();
}

std::optional<std::int64_t> expiry_warning(UtcTime not_after, UtcTime now) {
    if (not_after < now) return 0;
    for (const std::int64_t days : {kUrgentDays, std::int64_t{30}, std::int64_t{60}}) {
        if (not_after - now <= std::chrono::days(days)) return days;
    }
    return std::nullopt;
}

void log_expiry(const std::vector<OwnCertificate>& certificates, UtcTime now,
                program::Logging& logging) {
    for (const OwnCertificate& each : certificates) {
        const std::optional<std::int64_t> warning = expiry_warning(each.not_after, now);
        if (!warning) continue;
        const bool urgent = *warning <= kUrgentDays;
        logging.write(urgent ? program::LogLevel::error : program::LogLevel::warning,
                      *warning == 0 ? "certificate_expired" : "certificate_expires",
                      {{"use", each.use},
                       {"certificate", each.spiffe},
                       {"not_after", format_utc(each.not_after)},
                       {"days_left", std::to_string(days_left(each.not_after, now))},
                       {"do",
                        "have a new certificate issued and enrolled, put it with its key in place "
                        "of the files under [" +
                            each.use + "]: the daemon takes it over by itself"}});
    }
}

asio::awaitable<void> watch_expiry(std::function<std::vector<OwnCertificate>()> certificates,
                                   const Clock& clock, program::Logging& logging,
                                   std::chrono::milliseconds period) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        log_expiry(certificates(), clock.now(), logging);
        timer.expires_after(period);
        const auto [error] = co_await timer.async_wait(transport::kAsTuple);
        if (error) co_return;
    }
}

}  // namespace tongbao::client
