#include "protocol/client_session.hpp"

#include "protocol/limits.hpp"

namespace tongbao::protocol {
namespace {

StreamEnded hub_violation(std::string place, std::string explanation) {
    return StreamEnded{{Errc::protocol_violation, std::move(place), std::move(explanation)}};
}

}  // namespace

Hello ClientSession::hello(std::optional<LogIndex> resume_after, TreeSize known_size) {
    last_delivery_ = resume_after;
    return Hello{kProtocolVersion, resume_after, known_size};
}

ClientAction ClientSession::on_message(Message message, std::size_t frame_bytes) {
    if (const auto* const farewell = std::get_if<Farewell>(&message)) {
        return StreamEnded{farewell->reason, true};
    }
    if (auto* const welcome = std::get_if<Welcome>(&message)) {
        if (welcomed_) return hub_violation("welcome", "came twice");
        if (welcome->version != kProtocolVersion) {
            return StreamEnded{{Errc::unsupported_version, "version",
                                "this daemon speaks version " + std::to_string(kProtocolVersion)},
                               false};
        }
        welcomed_ = true;
        return Welcomed{std::move(*welcome)};
    }
    if (!welcomed_) return hub_violation("welcome", "must come first");
    if (auto* const outcome = std::get_if<Outcome>(&message)) {
        return on_answer(outcome->number, std::move(*outcome));
    }
    if (auto* const refused = std::get_if<BatchRefused>(&message)) {
        return on_answer(refused->number, std::move(*refused));
    }
    if (auto* const delivery = std::get_if<Delivery>(&message)) {
        return on_delivery(std::move(*delivery), frame_bytes);
    }
    return hub_violation("type", "is the daemon's own");
}

ClientAction ClientSession::on_delivery(Delivery delivery, std::size_t frame_bytes) {
    if (last_delivery_ && delivery.batch <= *last_delivery_) {
        return hub_violation("delivery", "is not later than the one before");
    }
    // The hub counts the same, and hears of credit later than this side gives it.
    if (bytes_under_way_ >= kDeliveryWindowBytes) {
        return hub_violation("delivery", "more bytes than the window allows");
    }
    last_delivery_ = delivery.batch;
    deliveries_under_way_.emplace_back(delivery.batch, frame_bytes);
    bytes_under_way_ += frame_bytes;
    return Arrived{std::move(delivery)};
}

void ClientSession::on_stored(LogIndex batch) {
    while (!deliveries_under_way_.empty() && deliveries_under_way_.front().first <= batch) {
        bytes_under_way_ -= deliveries_under_way_.front().second;
        deliveries_under_way_.pop_front();
    }
}

ClientAction ClientSession::on_answer(std::uint64_t number,
                                      std::variant<Outcome, BatchRefused> answer) {
    if (under_way_.empty() || under_way_.front().number != number) {
        return hub_violation("number", "is not that of the oldest batch under way");
    }
    const auto* const outcome = std::get_if<Outcome>(&answer);
    if (outcome != nullptr && outcome->leaves.size() != under_way_.front().leaves) {
        return hub_violation("leaves", "are not as many as were submitted");
    }
    under_way_.pop_front();
    return Answered{std::move(answer)};
}

bool ClientSession::may_submit() const noexcept {
    return welcomed_ && under_way_.size() < kSubmitWindow;
}

std::uint64_t ClientSession::on_submit(std::size_t leaves) {
    under_way_.push_back({next_number_, leaves});
    return next_number_++;
}

}  // namespace tongbao::protocol
