#include "client/daemon/read_models.hpp"

#include "client/daemon/detached_tables.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace tongbao::client {
namespace {

auto admit_to(program::SpaceWatermark& space) {
    return [&space](std::uint64_t bytes) { return space.admit(bytes); };
}

LedgerHome ledger_home(const Services& services) {
    return {services.config.unit, services.charter, services.charter_digest, services.config.data,
            services.store,       services.logging, admit_to(services.space)};
}

SearchHome search_home(const Services& services) {
    const auto read_table = [&attachments = services.attachments,
                             unit = services.config.unit](const Digest& sha256) {
        return read_detached_table(attachments, unit, sha256);
    };
    return {services.config.unit, services.charter,        services.charter_digest,
            services.config.data, services.store,          services.logging,
            read_table,           admit_to(services.space)};
}

void rethrow(const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
}

}  // namespace

ReadModels::ReadModels(Services& services)
    : ledger_(ledger_home(services), services.events.bell()),
      search_(search_home(services), services.events.bell()) {
    services.ledger = &ledger_;
    services.search = &search_;
}

void ReadModels::start(boost::asio::io_context& io) {
    boost::asio::co_spawn(io, ledger_.run(), rethrow);
    boost::asio::co_spawn(io, search_.run(), rethrow);
}

void ReadModels::stop() noexcept {
    ledger_.stop();
    search_.stop();
}

void ReadModels::join() {
    ledger_.join();
    search_.join();
}

}  // namespace tongbao::client
