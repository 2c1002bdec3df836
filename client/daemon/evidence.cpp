#include "client/daemon/evidence.hpp"

#include "protocol/json_writer.hpp"

namespace tongbao::client {

std::string write_evidence(const Evidence& evidence) {
    protocol::JsonWriter writer;
    writer.begin_object()
        .member("statement", to_base64(evidence.statement))
        .key("position")
        .number(std::uint64_t{evidence.position})
        .key("path")
        .begin_array();
    for (const Digest& hash : evidence.path) writer.text(hash.base64());
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
