#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao::client {

/// A server-sent event as it came.
struct ReadEvent {
    std::string id;  ///< the last one that was named, by this event or an earlier one
    std::string name;
    std::string data;

    friend bool operator==(const ReadEvent&, const ReadEvent&) = default;
};

/// Takes the bytes of a stream of server-sent events in any pieces, gives the events. Lines end in
/// LF or CR LF. Source: HTML Living Standard, section 9.2.6; a lone CR and `retry` are not used.
class EventReader {
public:
    /// The longest line and the longest event.
    static constexpr std::size_t kMaxBytes = std::size_t{1024} * 1024;

    /// The events that end in these bytes. Errors: Errc::too_large.
    [[nodiscard]] Result<std::vector<ReadEvent>> take(BytesView bytes);

private:
    void take_line(std::string_view line, std::vector<ReadEvent>& events);

    std::string line_;
    ReadEvent next_;
};

}  // namespace tongbao::client
