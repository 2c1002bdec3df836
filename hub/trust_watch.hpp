#pragma once

#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "hub/config.hpp"
#include "hub/deployment.hpp"
#include "hub/enrolled_folder.hpp"
#include "hub/sequencer.hpp"
#include "program/logging.hpp"
#include "program/newest.hpp"
#include "program/tls_files.hpp"
#include "program/watched_files.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace tongbao::hub {

/// Takes over what changes in the hub's files while it runs: the trust file with its revocation
/// lists, the hub's own certificate and key, and the folder of enrolled certificates.
///
/// The TLS files are taken over together, if all three are good, or not at all. Each file of the
/// folder is judged for itself. What can't be taken over is told in the running log, once, if it is
/// still so at the next look, and is looked at again when it changes; what was in force before
/// stays so.
class TrustWatch {
public:
    /// Remembers the files as they are now: make the object before they are read at the start. All
    /// outlive it.
    TrustWatch(const Config& config, Deployment& deployment, program::Newest<program::TlsEnd>& ends,
               const Clock& clock, program::Logging& logging);

    /// Looks at the files once. New lists count for the handshakes to come when this returns;
    /// register entries are asked of `sequencer`, which is to outlive them. One thread at a time,
    /// and not one that serves sockets: it reads files and checks signatures.
    void look(Sequencer& sequencer);

    /// Whether an open connection of this certificate may go on.
    ///
    /// Errors: those of may_connect; those of TrustStore::check, but for a list that is out of date
    /// or missing: that says nothing of this certificate, though it lets nobody new in. Costs less
    /// than 1 µs if the certificate was judged before. Thread-safe.
    [[nodiscard]] Result<void> may_stay(const Digest& certificate) const;

private:
    struct Fault {
        Errc code{};
        bool told{false};
    };

    /// A register entry that is asked for, and the file that asks for it; none for a revocation.
    struct Asked {
        std::filesystem::path file;
        std::string spiffe;
        bool enrols{false};
    };

    /// Whether they were taken over.
    [[nodiscard]] bool look_at_tls();
    [[nodiscard]] Result<void> take_over_tls(std::string& words);
    void look_at_register(Sequencer& sequencer, bool new_lists);
    /// What is in the folder or on the lists and not in the register.
    void ask(std::vector<RegisterData>& entries, std::vector<Asked>& asked);
    void on_answer(const std::vector<Asked>& asked, const std::vector<Result<void>>& results);
    void note_fault(const std::filesystem::path& file, Errc code);

    const Config& config_;
    Deployment& deployment_;
    program::Newest<program::TlsEnd>& ends_;
    const Clock& clock_;
    program::Logging& logging_;
    program::WatchedFiles tls_files_;
    program::WatchedFiles folder_;
    int looks_{0};

    std::mutex mutex_;
    // under mutex_, since the sequencer's thread answers:
    bool waiting_{false};  ///< for the sequencer's answer
    bool again_{false};    ///< the folder is to be looked at again though nothing changed
    std::map<std::filesystem::path, Fault> faults_;
};

}  // namespace tongbao::hub
