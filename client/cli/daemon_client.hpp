#pragma once

#include "client/cli/command.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/local_file.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "protocol/json_value.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace tongbao::client {

/// What the daemon answered: the JSON text, and the value that it holds.
struct Answer {
    std::string text;
    protocol::JsonDocument json;
};

/// How many notices the daemon lists at most.
inline constexpr std::int64_t kMaxListed = 1000;

/// Takes a piece of a download; its error ends it.
using Sink = std::function<Result<void>(BytesView)>;

/// The local API of a unit's daemon, over its Unix socket: one connection for each request, which
/// blocks until it is answered. For one thread.
///
/// Each call fails with ExitCode::unavailable if no daemon answers, with what failure_of makes of
/// the daemon's problem details, or with ExitCode::failed if its answer can't be read.
class DaemonClient {
public:
    /// `advice` is what to do if no daemon answers.
    DaemonClient(std::filesystem::path socket, std::string advice);

    /// `wait` is how long the daemon may take on purpose.
    [[nodiscard]] Attempt<Answer> get(const std::string& target, std::chrono::seconds wait = {});
    [[nodiscard]] Attempt<Answer> post(const std::string& target, const std::string& json,
                                       std::chrono::seconds wait = {});
    /// DELETE, with a body if `json` is not empty.
    [[nodiscard]] Attempt<Answer> remove(const std::string& target, const std::string& json = {});
    /// POST /v1/attachments: gives the file's digest, as the daemon says it.
    [[nodiscard]] Attempt<Digest> upload(const LocalFile& file);
    /// A text of at most `max_bytes`, not read as JSON.
    [[nodiscard]] Attempt<std::string> text(const std::string& target, std::size_t max_bytes);
    [[nodiscard]] Attempt<void> download(const std::string& target, const Sink& sink);
    /// GET /v1/events behind the event `after` (empty: from now on), until the daemon ends it or
    /// the sink does.
    [[nodiscard]] Attempt<void> events(const std::string& after, const Sink& sink);

private:
    struct Exchange;
    [[nodiscard]] Attempt<void> run(Exchange& exchange);
    [[nodiscard]] Attempt<Answer> run_json(Exchange& exchange);

    std::filesystem::path socket_;
    std::string advice_;
};

using DaemonWork = std::function<Attempt<void>(DaemonClient&)>;

/// Does `work` with the daemon that the options name, says a failure on standard error (with --json
/// the daemon's problem details on standard output, too), and sets the exit code.
void run_with_daemon(Invocation& invocation, const DaemonWork& work);

}  // namespace tongbao::client
