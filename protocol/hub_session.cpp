#include "protocol/hub_session.hpp"

#include "protocol/limits.hpp"

namespace tongbao::protocol {
namespace {

EndStream client_violation(std::string place, std::string explanation) {
    return EndStream{{Errc::protocol_violation, std::move(place), std::move(explanation)}};
}

}  // namespace

HubAction HubSession::on_message(Message message) {
    if (const auto* const farewell = std::get_if<Farewell>(&message)) {
        return EndStream{farewell->reason};
    }
    if (const auto* const hello = std::get_if<Hello>(&message)) return on_hello(*hello);
    if (!greeted_) return client_violation("hello", "must come first");
    if (auto* const submit = std::get_if<Submit>(&message)) {
        if (batches_under_way_ == kSubmitWindow) {
            return client_violation("submit", "more batches than the window allows");
        }
        ++batches_under_way_;
        return AdmitBatch{std::move(*submit)};
    }
    if (const auto* const credit = std::get_if<Credit>(&message)) return on_credit(*credit);
    return client_violation("type", "is the hub's own");
}

HubAction HubSession::on_hello(const Hello& hello) {
    if (greeted_) return client_violation("hello", "came twice");
    if (hello.version != kProtocolVersion) {
        return EndStream{{Errc::unsupported_version, "version",
                          "this hub speaks version " + std::to_string(kProtocolVersion)}};
    }
    greeted_ = true;
    return BeginStream{hello.resume_after, hello.known_size};
}

HubAction HubSession::on_credit(const Credit& credit) {
    if (deliveries_under_way_.empty() || credit.through < deliveries_under_way_.front().first ||
        credit.through > deliveries_under_way_.back().first) {
        return client_violation("credit", "is for what was not delivered");
    }
    while (!deliveries_under_way_.empty() &&
           deliveries_under_way_.front().first <= credit.through) {
        bytes_under_way_ -= deliveries_under_way_.front().second;
        deliveries_under_way_.pop_front();
    }
    return WindowOpened();
}

bool HubSession::may_deliver() const noexcept {
    return greeted_ && bytes_under_way_ < kDeliveryWindowBytes;
}

void HubSession::on_delivered(LogIndex batch, std::size_t bytes) {
    deliveries_under_way_.emplace_back(batch, bytes);
    bytes_under_way_ += bytes;
}

void HubSession::on_answered() noexcept {
    if (batches_under_way_ > 0) --batches_under_way_;
}

}  // namespace tongbao::protocol
