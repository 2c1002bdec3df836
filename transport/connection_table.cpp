#include "transport/connection_table.hpp"

#include <utility>

namespace tongbao::transport {
namespace {

template <typename Key>
void count_down(std::map<Key, std::size_t>& counts, const Key& key) {
    const auto found = counts.find(key);
    if (found != counts.end() && --found->second == 0) counts.erase(found);
}

}  // namespace

Result<std::uint64_t> ConnectionTable::admit(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto found = by_address_.find(address);
    const std::size_t from_here = found == by_address_.end() ? 0 : found->second;
    if (entries_.size() >= limits_.connections) return Errc::too_many_requests;
    if (from_here >= limits_.connections_per_address) return Errc::too_many_requests;
    by_address_[address] = from_here + 1;
    const std::uint64_t number = next_++;
    entries_[number].address = address;
    return number;
}

Result<void> ConnectionTable::certify(std::uint64_t number, const Digest& certificate) {
    const std::lock_guard lock(mutex_);
    const auto found = by_certificate_.find(certificate);
    const std::size_t with_it = found == by_certificate_.end() ? 0 : found->second;
    if (with_it >= limits_.connections_per_certificate) return Errc::too_many_requests;
    by_certificate_[certificate] = with_it + 1;
    entries_.at(number).certificate = certificate;
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
    count_down(by_address_, found->second.address);
    if (found->second.certificate) count_down(by_certificate_, *found->second.certificate);
    entries_.erase(found);
}

std::size_t ConnectionTable::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
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
