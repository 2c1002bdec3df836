#pragma once

#include "domain/result.hpp"
#include "transport/peer.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace tongbao::client {

/// Which groups local users are in.
class LocalGroups {
public:
    virtual ~LocalGroups() = default;

    /// Whether the process's user is in `group`, by the group that the process has or by the
    /// system's list. False for a group that does not exist. Any thread; may block.
    [[nodiscard]] virtual bool contains(const std::string& group,
                                        const transport::LocalPeer& peer) const = 0;
};

/// As the system's name services say (group(5), passwd(5)).
class SystemGroups final : public LocalGroups {
public:
    [[nodiscard]] bool contains(const std::string& group,
                                const transport::LocalPeer& peer) const override;
};

/// Who may act for the unit through the daemon's Unix socket, by the credentials that the kernel
/// gave of the process which connected (unix(7), SO_PEERCRED): the daemon's own user, root, and
/// whoever is in the group that the configuration names. The socket's mode says the same; this
/// holds also if somebody changed it.
class PeerCheck {
public:
    /// `group` may be empty: then there is none. `groups` outlives the object.
    PeerCheck(uid_t own_user, std::string group, const LocalGroups& groups)
        : own_user_(own_user), group_(std::move(group)), groups_(groups) {}

    /// Whether it is the daemon's own user or root, who needs no group. Any thread; does not block.
    [[nodiscard]] bool is_own(const transport::Peer& peer) const noexcept;

    /// Any thread; may block. Errors: Errc::not_permitted.
    [[nodiscard]] Result<void> check(const transport::Peer& peer) const;

private:
    uid_t own_user_;
    std::string group_;
    const LocalGroups& groups_;
};

/// Gives the socket to the group, which may then connect (mode 0660).
/// Errors: Errc::bad_configuration if there is no such group or this user may not give it away.
[[nodiscard]] Result<void> open_to_group(const std::filesystem::path& socket,
                                         const std::string& group);

}  // namespace tongbao::client
