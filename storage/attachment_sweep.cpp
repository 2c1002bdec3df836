#include "storage/attachment_sweep.hpp"

#include <vector>

namespace tongbao::storage {

Result<Swept> sweep_attachments(AttachmentStore& attachments, UtcTime now,
                                const std::function<Result<Naming>(const KeptFile&)>& naming,
                                const std::function<void(const KeptFile&)>& spared) {
    const UtcTime since = now - kUnnamedKept;
    std::vector<KeptFile> old;
    Result<void> asked{};
    const auto look = [&](const KeptFile& file) {
        if (!asked) return;
        const Result<Naming> named = naming(file);
        if (!named) asked = named.error();
        if (!named || *named != Naming::unnamed) return;
        if (file.used < since) {
            old.push_back(file);
        } else if (spared) {
            spared(file);
        }
    };
    const Result<void> visited = attachments.visit(look);
    if (!visited) return visited.error();
    if (!asked) return asked.error();
    Swept swept;
    for (const KeptFile& file : old) {
        // If we stop here, the others are found again by the next sweep.
        const Result<Removal> removal = attachments.remove_unused(file.owner, file.sha256, since);
        if (!removal || *removal != Removal::removed) continue;
        ++swept.files;
        swept.bytes += file.size;
    }
    return swept;
}

}  // namespace tongbao::storage
