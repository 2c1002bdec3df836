#include "client/daemon/named_files.hpp"

#include "domain/bytes.hpp"

#include <string>

namespace tongbao::client {

Result<storage::Swept> sweep_files(storage::AttachmentStore& attachments,
                                   const storage::DaemonStore& store, UtcTime now,
                                   program::Logging& logging) {
    const auto naming = [&store](const storage::KeptFile& file) {
        return store.naming(file.sha256);
    };
    const Result<storage::Swept> swept = storage::sweep_attachments(attachments, now, naming);
    if (!swept) {
        logging.error("unnamed_files_not_removed",
                      {{"code", std::string(code(to_errc(swept.error())))},
                       {"consequence", "it is tried again within the hour"}});
        return swept.error();
    }
    if (swept->files > 0) {
        logging.info("unnamed_files_removed", {{"files", std::to_string(swept->files)},
                                               {"mib", std::to_string(swept->bytes / kMebibyte)},
                                               {"reason", "no notice named them within a day"}});
    }
    return swept;
}

}  // namespace tongbao::client
