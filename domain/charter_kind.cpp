#include "domain/charter_kind.hpp"

#include <algorithm>

namespace tongbao {

const AttachmentRule* find_attachment(const Kind& kind, std::string_view attachment_kind) noexcept {
    const auto found = std::find_if(
        kind.attachments.begin(), kind.attachments.end(),
        [&](const AttachmentRule& attachment) { return attachment.kind == attachment_kind; });
    return found == kind.attachments.end() ? nullptr : &*found;
}

}  // namespace tongbao
