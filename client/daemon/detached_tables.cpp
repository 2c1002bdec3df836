#include "client/daemon/detached_tables.hpp"

#include "domain/notice_rules.hpp"
#include "protocol/limits.hpp"
#include "protocol/notice_json.hpp"

#include <span>
#include <string>

namespace tongbao::client {
namespace {

Result<Bytes> read_file(const storage::AttachmentStore& attachments, const UnitId& unit,
                        const Digest& sha256) {
    const auto file = attachments.open(unit, sha256);
    if (!file) return file.error();
    if ((*file)->size() > protocol::kMaxDetachedTableBytes) return Errc::too_large;
    Bytes bytes((*file)->size());
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const Result<std::size_t> count = (*file)->read_some(std::span(bytes).subspan(filled));
        if (!count) return count.error();
        if (*count == 0) return Errc::storage_failure;
        filled += *count;
    }
    return bytes;
}

Reasons check_table(const Services& services, const Notice& notice, const std::string& field,
                    const Digest& sha256) {
    const std::string place = "fields." + field;
    const Result<Bytes> bytes = read_file(services.attachments, services.config.unit, sha256);
    if (!bytes && bytes.error() == Errc::not_found) return {};  // said of the attachment
    if (!bytes) return {{to_errc(bytes.error()), place, {}}};
    const Checked<Table> rows = protocol::read_table(*bytes, place);
    if (!rows) return {rows.error()};
    return check_detached_rows(*services.charter, notice, field, *rows);
}

}  // namespace

Result<std::optional<Table>> read_detached_table(const storage::AttachmentStore& attachments,
                                                 const UnitId& unit, const Digest& sha256) {
    const Result<Bytes> bytes = read_file(attachments, unit, sha256);
    if (!bytes) {
        const Errc errc = to_errc(bytes.error());
        if (errc == Errc::not_found || errc == Errc::too_large) return std::optional<Table>();
        return errc;
    }
    Checked<Table> rows = protocol::read_table(*bytes, "");
    if (!rows) return std::optional<Table>();
    return std::optional<Table>(*std::move(rows));
}

Reasons check_detached_tables(const Services& services, const Notice& notice) {
    Reasons reasons;
    for (const Field& field : notice.fields) {
        const auto* const table = std::get_if<DetachedTable>(&field.value);
        if (table == nullptr) continue;
        const Reasons more = check_table(services, notice, field.name, table->sha256);
        reasons.insert(reasons.end(), more.begin(), more.end());
    }
    return reasons;
}

}  // namespace tongbao::client
