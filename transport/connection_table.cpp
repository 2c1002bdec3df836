#include "transport/connection_table.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::transport {
namespace {

/// Of the connections that one address may have, one in so many may be without a finished
/// handshake: who only knocks keeps out neither those who are in nor those who come.
constexpr std::size_t kStrangersShare = 4;

}  // namespace

Result<std::uint64_t> ConnectionTable::admit(const std::string& address) {
    const std::size_t most_strangers =
        std::max<std::size_t>(limits_.connections_per_address / kStrangersShare, 1);
    const std::lock_guard lock(mutex_);
    const auto found = by_address_.find(address);
    const FromAddress here = found == by_address_.end() ? FromAddress() : found->second;
    if (entries_.size() >= limits_.connections || here.all >= limits_.connections_per_address ||
        here.strangers >= most_strangers) {
        return Errc::too_many_requests;
    }
    by_address_[address] = {here.all + 1, here.strangers + 1};
    const std::uint64_t number = next_++;
    entries_[number].address = address;
    return number;
}

Result<void> ConnectionTable::introduce(std::uint64_t number,
                                        const std::optional<Digest>& certificate) {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_.at(number);
    if (!entry.introduced) --by_address_.at(entry.address).strangers;
    entry.introduced = true;
    if (!certificate) return {};
    const auto found = by_certificate_.find(*certificate);
    const std::size_t with_it = found == by_certificate_.end() ? 0 : found->second;
    if (with_it >= limits_.connections_per_certificate) return Errc::too_many_requests;
    by_certificate_[*certificate] = with_it + 1;
    entry.certificate = certificate;
    return {};
}

void ConnectionTable::attach(std::uint64_t number, std::weak_ptr<HttpConnection> connection) {
    const std::lock_guard lock(mutex_);
    entries_.at(number).connection = std::move(connection);
}

void ConnectionTable::remove(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(number);
    if (found == entries_.end()) return;
    const Entry& entry = found->second;
    const auto here = by_address_.find(entry.address);
    if (!entry.introduced) --here->second.strangers;
    if (--here->second.all == 0) by_address_.erase(here);
    if (entry.certificate) {
        const auto with_it = by_certificate_.find(*entry.certificate);
        if (--with_it->second == 0) by_certificate_.erase(with_it);
    }
    entries_.erase(found);
}

std::size_t ConnectionTable::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

std::vector<ConnectionTable::Certified> ConnectionTable::certified() const {
    const std::lock_guard lock(mutex_);
    std::vector<Certified> living;
    for (const auto& [number, entry] : entries_) {
        if (!entry.certificate) continue;
        if (auto connection = entry.connection.lock()) {
            living.push_back({*entry.certificate, entry.address, std::move(connection)});
        }
    }
    return living;
}

std::vector<std::shared_ptr<HttpConnection>> ConnectionTable::connections() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<HttpConnection>> living;
    for (const auto& [number, entry] : entries_) {
        if (auto connection = entry.connection.lock()) living.push_back(std::move(connection));
    }
    return living;
}

}  // namespace tongbao::transport
