#pragma once

#include "domain/bytes.hpp"
#include "domain/reason.hpp"
#include "protocol/problem.hpp"
#include "transport/http_message.hpp"

#include <string>
#include <string_view>

namespace tongbao::client {

[[nodiscard]] inline transport::Response json(unsigned status, std::string_view text) {
    return {status, "application/json", {}, to_bytes(text)};
}

[[nodiscard]] inline transport::Response problem(Errc errc, const Reasons& reasons = {}) {
    return {protocol::http_status(errc),
            std::string(protocol::kProblemMediaType),
            {},
            to_bytes(protocol::write_problem(errc, reasons))};
}

}  // namespace tongbao::client
