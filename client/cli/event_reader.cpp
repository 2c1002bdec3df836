#include "client/cli/event_reader.hpp"

#include <string_view>

namespace tongbao::client {

Result<std::vector<ReadEvent>> EventReader::take(BytesView bytes) {
    std::vector<ReadEvent> events;
    for (const char letter : as_text(bytes)) {
        if (letter != '\n') {
            line_ += letter;
            if (line_.size() + next_.data.size() > kMaxBytes) return Errc::too_large;
            continue;
        }
        if (line_.ends_with('\r')) line_.pop_back();
        take_line(line_, events);
        line_.clear();
    }
    return events;
}

void EventReader::take_line(std::string_view line, std::vector<ReadEvent>& events) {
    if (line.empty()) {
        // "If the data buffer is an empty string, set the data buffer and the event type buffer
        // to the empty string and return."
        if (!next_.data.empty()) {
            next_.data.pop_back();
            events.push_back(next_);
        }
        next_.name.clear();
        next_.data.clear();
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") next_.name = value;
    if (field == "data") next_.data += std::string(value) + '\n';
    if (field == "id") next_.id = value;
}

}  // namespace tongbao::client
