#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>

namespace tongbao::transport {

/// Takes the framing off a message's body while its bytes arrive. Copies nothing.
///
/// Chunked bodies are read more strictly than RFC 9112 section 7.1 asks: no chunk extensions, no
/// trailer fields, lines end in CR LF, sizes have at most 15 hexadecimal digits.
class BodyDecoder {
public:
    [[nodiscard]] static BodyDecoder fixed(std::uint64_t length) noexcept;
    [[nodiscard]] static BodyDecoder chunked() noexcept;

    /// What one look at the input gave: `data` is the part of it that belongs to the body, and
    /// `consumed` (never less than the end of `data`) is done with.
    struct Step {
        std::size_t consumed = 0;
        BytesView data;
    };

    /// Looks at `input`, which begins where the last step's `consumed` ended; gives at most `max`
    /// bytes of the body. Nothing consumed means that more input is needed (or, if finished(), that
    /// nothing is left to do).
    ///
    /// Errors: Errc::bad_request for framing as described above that does not hold.
    [[nodiscard]] Result<Step> next(BytesView input, std::size_t max);

    [[nodiscard]] bool finished() const noexcept { return state_ == State::finished; }

    /// How many bytes are still to come; none if the body is chunked and not finished.
    [[nodiscard]] std::optional<std::uint64_t> remaining() const noexcept;

private:
    enum class State { fixed, chunk_size, chunk_data, chunk_end, last_line, finished };

    BodyDecoder(State state, std::uint64_t left) noexcept : state_(state), left_(left) {}

    [[nodiscard]] Step take_data(BytesView input, std::size_t max, State after) noexcept;
    [[nodiscard]] Result<Step> take_size(BytesView input);
    [[nodiscard]] Result<Step> take_line_end(BytesView input, State after);

    State state_;
    std::uint64_t left_;  // of the body, or of the chunk
};

}  // namespace tongbao::transport
