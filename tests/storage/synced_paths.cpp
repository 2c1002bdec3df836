#include "tests/storage/synced_paths.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <system_error>

namespace tongbao::storage {
namespace {

thread_local SyncedPaths* watching = nullptr;

}  // namespace

SyncedPaths::SyncedPaths() {
    watching = this;
}

SyncedPaths::~SyncedPaths() {
    watching = nullptr;
}

void SyncedPaths::note(int descriptor) {
    std::error_code ignored;
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    paths_.insert(std::filesystem::read_symlink(link, ignored).string());
}

}  // namespace tongbao::storage

// In the place of the C library's, for all of this program.

extern "C" int fsync(int descriptor) {
    using tongbao::storage::watching;
    if (watching != nullptr) watching->note(descriptor);
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

extern "C" int fdatasync(int descriptor) {
    using tongbao::storage::watching;
    if (watching != nullptr) watching->note(descriptor);
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
