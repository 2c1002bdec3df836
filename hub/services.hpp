#pragma once

#include "domain/time.hpp"
#include "hub/admission.hpp"
#include "hub/deployment.hpp"
#include "hub/log_head.hpp"
#include "hub/mail_bell.hpp"
#include "hub/merkle_log.hpp"
#include "hub/notice_index.hpp"
#include "hub/open_streams.hpp"
#include "hub/sequencer.hpp"
#include "hub/upload_ledger.hpp"
#include "program/logging.hpp"
#include "storage/attachment_store.hpp"
#include "storage/hub_store.hpp"

#include <boost/asio/thread_pool.hpp>

namespace tongbao::hub {

/// The thread-safe services that sessions and requests share. Owned by Hub, which outlives them
/// all.
struct Services {
    const Deployment& deployment;
    const storage::HubStore& store;
    storage::AttachmentStore& attachments;
    const MerkleLog& tree;
    const LogHead& head;
    const NoticeIndex& notices;
    const Admission& admission;
    Sequencer& sequencer;
    MailBell& bell;
    OpenStreams& streams;
    boost::asio::thread_pool& pool;
    program::Logging& logging;
    UploadLedger& uploads;
    const Clock& clock;
};

}  // namespace tongbao::hub
