#include "hub/server_settings.hpp"

#include "protocol/limits.hpp"

#include <string>
#include <string_view>

namespace tongbao::hub {

transport::Limits limits_of(const Config& config, std::size_t connections) {
    constexpr std::size_t kHeaderBytes = 16 * 1024;
    constexpr std::size_t kHeaderFields = 64;
    constexpr std::uint64_t kDrainBytes = 1024 * 1024;
    return {.header_bytes = kHeaderBytes,
            .header_fields = kHeaderFields,
            .body_bytes = protocol::kMaxAttachmentBytes,
            .drain_bytes = kDrainBytes,
            .websocket_message_bytes = protocol::kMaxFrameBytes,
            .handshake = protocol::kHandshakeLimit,
            .header = protocol::kHeaderLimit,
            .body = protocol::kBodyLimit,
            .idle = protocol::kIdleLimit,
            .connections = connections,
            .connections_per_address = config.connections_per_address,
            .connections_per_certificate = config.connections_per_certificate};
}

transport::ServerHooks hooks_to(program::Logging& logging) {
    const auto tell = [&logging](std::string_view event) {
        return [&logging, event](const std::string& address, Errc errc, std::string_view words) {
            logging.warning(event, {{"address", address},
                                    {"code", std::string(code(errc))},
                                    {"what", std::string(sentence(errc))},
                                    {"words", std::string(words)}});
        };
    };
    return {tell("connection_refused"), tell("bad_request"), tell("request_failed")};
}

}  // namespace tongbao::hub
