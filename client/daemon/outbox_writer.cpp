#include "client/daemon/outbox_writer.hpp"

#include "client/daemon/named_files.hpp"
#include "client/daemon/store_write.hpp"
#include "program/blocking.hpp"
#include "protocol/leaf_json.hpp"

#include <chrono>
#include <iterator>
#include <utility>

namespace tongbao::client {

namespace asio = boost::asio;

asio::awaitable<Result<void>> OutboxWriter::put(std::vector<storage::SentItem> items) {
    constexpr std::chrono::milliseconds kLookAgain{60'000};
    if (!waiting_) {
        waiting_ = std::make_shared<Group>(
            Group{{}, std::nullopt, Bell(services_.outbox_bell.executor())});
    }
    const std::shared_ptr<Group> group = waiting_;
    group->items.insert(group->items.end(), std::make_move_iterator(items.begin()),
                        std::make_move_iterator(items.end()));
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

void OutboxWriter::add_files_of(const storage::SentItem& item, std::vector<Digest>& files) const {
    const auto add = [&files](const Notice& notice) { add_files(notice, files); };
    if (services_.read_notices->visit(item.id, add)) return;
    const Checked<protocol::Leaf> leaf = protocol::read_leaf(item.bytes);
    const auto* const notice = leaf ? std::get_if<Notice>(&*leaf) : nullptr;
    if (notice != nullptr) add_files(*notice, files);
}

asio::awaitable<void> OutboxWriter::write(std::shared_ptr<Group> group) {
    writing_ = true;
    waiting_.reset();
    const auto store = [this, &group] {
        std::vector<Digest> files;
        for (const storage::SentItem& item : group->items) add_files_of(item, files);
        return written(services_, services_.store.enqueue(std::move(group->items), files));
    };
    group->result = co_await program::run_blocking(services_.pool, store);
    writing_ = false;
    services_.outbox_bell.ring();
    group->bell.ring();
    // One of those who came meanwhile writes next.
    if (waiting_) waiting_->bell.ring();
}

}  // namespace tongbao::client
