#include "client/daemon/outbox_writer.hpp"

#include "client/daemon/store_write.hpp"
#include "program/blocking.hpp"

#include <iterator>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

template <typename T>
void append(std::vector<T>& to, std::vector<T> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

namespace asio = boost::asio;

asio::awaitable<Result<void>> OutboxWriter::put(storage::HandedOver handed) {
    if (!waiting_) {
        waiting_ = std::make_shared<Group>(
            Group{{}, std::nullopt, Bell(services_.outbox_bell.executor())});
    }
    const std::shared_ptr<Group> group = waiting_;
    append(group->handed.items, std::move(handed.items));
    append(group->handed.held, std::move(handed.held));
    append(group->handed.files, std::move(handed.files));
    while (!group->result) {
        const std::uint64_t seen = group->bell.rings();
        if (writing_) {
            static_cast<void>(co_await group->bell.wait(seen, kLookAgain));
        } else {
            static_cast<void>(co_await write(group));
        }
    }
    co_return *group->result;
}

asio::awaitable<void> OutboxWriter::write(std::shared_ptr<Group> group) {
    writing_ = true;
    waiting_.reset();
    const bool queued = !group->handed.items.empty();
    const auto store = [this, &group] {
        return written(services_, services_.store.take_over(std::move(group->handed)));
    };
    group->result = co_await program::run_blocking(services_.pool, store);
    writing_ = false;
    if (queued) services_.outbox_bell.ring();
    group->bell.ring();
    // One of those who came meanwhile writes next.
    if (waiting_) waiting_->bell.ring();
}

}  // namespace tongbao::client
