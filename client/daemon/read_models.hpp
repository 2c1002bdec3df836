#pragma once

#include "client/daemon/ledger_desk.hpp"
#include "client/daemon/search_desk.hpp"
#include "client/daemon/services.hpp"

#include <boost/asio/io_context.hpp>

namespace tongbao::client {

/// What a daemon keeps beside its database to answer questions, each on threads of its own: the
/// case ledger, and the index of what can be found. Both follow from the database, and the daemon
/// works on when they fail. On the daemon's thread, but join().
class ReadModels {
public:
    /// Has `services` name them. What `services` refers to outlives the object, `services` itself
    /// need not.
    explicit ReadModels(Services& services);

    /// Keeps them up to date until stop(). What they throw, `io` throws.
    void start(boost::asio::io_context& io);
    void stop() noexcept;
    /// Waits until their threads have ended what they do; nothing is done after that.
    void join();

private:
    LedgerDesk ledger_;
    SearchDesk search_;
};

}  // namespace tongbao::client
