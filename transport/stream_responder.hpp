#pragma once

#include "transport/byte_stream.hpp"
#include "transport/http_handler.hpp"
#include "transport/limits.hpp"

#include <functional>
#include <optional>
#include <string>

// Private to transport.

namespace tongbao::transport {

/// Writes the answer to one request of a connection.
class StreamResponder final : public Responder {
public:
    /// `may_keep` is asked when an answer begins: whether the connection can go on after it.
    StreamResponder(ByteStream& stream, const Limits& limits, const RequestHead& request,
                    std::function<bool()> may_keep);

    [[nodiscard]] asio::awaitable<Result<void>> send(Response response) override;
    [[nodiscard]] asio::awaitable<Result<void>> begin(unsigned status, Fields fields,
                                                      std::optional<std::uint64_t> length) override;
    [[nodiscard]] asio::awaitable<Result<void>> write(BytesView piece) override;
    [[nodiscard]] asio::awaitable<Result<void>> finish() override;
    [[nodiscard]] bool begun() const noexcept override { return state_ != State::before; }

    /// Whether a whole answer went out, so that the client knows where it ends.
    [[nodiscard]] bool finished() const noexcept { return state_ == State::finished; }
    /// Whether the client was told that the connection goes on.
    [[nodiscard]] bool keeps() const noexcept { return finished() && keeps_; }

private:
    enum class State { before, fixed, chunked, finished, broken };

    /// The whole head; sets keeps_. Errors: Errc::bad_value.
    [[nodiscard]] Result<std::string> make_head(unsigned status, const Fields& fields,
                                                std::optional<std::uint64_t> length);
    /// Writes `pieces`; whatever fails leaves the answer broken.
    [[nodiscard]] asio::awaitable<Result<void>> put(std::array<BytesView, 3> pieces);

    ByteStream& stream_;
    const Limits& limits_;
    std::function<bool()> may_keep_;
    bool is_head_request_;
    bool keeps_ = false;
    State state_ = State::before;
    std::uint64_t left_ = 0;
};

}  // namespace tongbao::transport
