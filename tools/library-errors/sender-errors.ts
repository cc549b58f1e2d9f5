import type { SenderErrorRows } from "./error-kinds.ts";

/** In the order of the page. The types demand a row for each kind, and in it each method that answers with the kind. */
export const senderErrors: SenderErrorRows = {
  InvalidCommand: {
    when: "The command is malformed, or breaks a limit that Meta documents. Nothing was stored or used.",
    whatToDo: "Correct the fields that `problems` names.",
    from: { send: true, enqueue: true, enqueueMany: true, markRead: true, uploadMedia: true, pause: true },
  },
  InvalidQuery: {
    when: "The query is no object, has a field that is unknown or invalid, or an `until` that is not later than its `since`; or its cursor does not belong to this list. The store was not asked.",
    whatToDo: "Correct the fields that `problems` names. Repeat a list from its first page if its filters change.",
    from: { list: true, cancelMany: true, resolveMany: true, usage: true, webhooks: true, forwardWebhooks: true },
  },
  KeyReused: {
    when: "The idempotency key was used for another command. Nothing was sent.",
    whatToDo: "Use a new key for a new message.",
    from: { send: true, enqueue: true },
  },
  TemplateRefused: {
    when: "The message does not fit its template, or the template cannot be sent now. It was not stored, no quota was used, and WhatsApp was not asked. Only with a `Templates` port, and only if the template is known.",
    whatToDo:
      "Correct the parameters that `problems` names. If there are none, `template.status` says why; a paused template can be queued.",
    from: { send: true, enqueue: true },
  },
  InProgress: {
    when: "Another call with the same idempotency key is not finished.",
    whatToDo: "Repeat the call with the same key after a second. The message is sent once.",
    from: { send: true, enqueue: true },
  },
  TenantUnknown: {
    when: "The owner of the quota does not know the tenant.",
    whatToDo: "Check the tenant id.",
    from: { send: true, enqueue: true, resolve: true, resolveMany: true, quotaOf: true },
  },
  OutletUnknown: {
    when: "The tenant or its outlet does not exist.",
    whatToDo: "Check both ids.",
    from: { send: true, enqueue: true, markRead: true, uploadMedia: true },
  },
  NoOtherCredential: {
    when: "WhatsApp rejects the outlet's access token or its permissions, and there is no other token. With `rememberedUntil`, an earlier rejection is remembered and WhatsApp was not asked.",
    whatToDo: "Give the outlet a valid access token with the permissions that it needs.",
    from: { send: true, enqueue: true, markRead: true, uploadMedia: true },
  },
  QuotaExceeded: {
    when: "The tenant's quota is used up. Nothing was sent.",
    whatToDo: "Wait until `resetsAt`, or raise the quota.",
    from: { send: true, enqueue: true, resolve: true, resolveMany: true },
  },
  QueueFull: {
    when: "So many messages of the tenant wait in the queue that it takes no more (`queue.limitPerTenant`). Nothing was stored, and no quota was used.",
    whatToDo: "Repeat the call at `retryAt`, when those that wait now will have been sent.",
    from: { enqueue: true },
  },
  Unavailable: {
    when: "The store, the Tenant Service or another service that the call needs is unavailable, or the sender is shutting down. With `pause`, the message's tenant, outlet, number or template is paused. `send` has sent nothing.",
    whatToDo:
      "Repeat the call later, at `retryAt` if it is given. After `resolve`, look at the message first: it may have been resolved.",
    from: {
      send: true,
      enqueue: true,
      markRead: true,
      uploadMedia: true,
      resolve: true,
      cancel: true,
      cancelMany: true,
      resolveMany: true,
      find: true,
      list: true,
      receiveWebhook: true,
      usage: true,
      webhooks: true,
      forwardWebhooks: true,
      replayHistory: true,
      replayHistoryOf: true,
      deadHistory: true,
      deliveriesOf: true,
      replayCallbacks: true,
      discardCallbacks: true,
      erase: true,
      pause: true,
      resume: true,
      queueState: true,
      quotaOf: true,
      pauses: true,
      check: true,
    },
  },
  Rejected: {
    when: "WhatsApp rejected the message; `failure` says why.",
    whatToDo: "Follow `failure.advice`. Retrying the same message does not help.",
    from: { send: true },
  },
  CredentialsRejected: {
    when: "WhatsApp rejected the outlet's access token or its permissions during the send, and there is no other token.",
    whatToDo: "Give the outlet a valid access token, then send again with a new key.",
    from: { send: true },
  },
  DeliveryFailed: {
    when: "Every attempt that the schedule and the deadline allow failed.",
    whatToDo: "Send again after `retryAt` with a new key, or resolve the message with `resend`.",
    from: { send: true },
  },
  RateLimited: {
    when: "A rate limit will not clear before the call's deadline. With `cause` this call made no attempt, and `cause` says whether the circuit breaker is open (`outage`) or a limit is reached.",
    whatToDo:
      "Repeat the call with the same key at `retryAt`. If `message` may have been sent, look at its status first.",
    from: { send: true, markRead: true, uploadMedia: true },
  },
  Outage: {
    when: "The circuit breaker opened between two attempts of the message.",
    whatToDo:
      "Repeat the call with the same key at `retryAt`. If `message` may have been sent, look at its status first.",
    from: { send: true },
  },
  Interrupted: {
    when: "The sender shut down while the call waited for an attempt. No earlier attempt is without an answer.",
    whatToDo:
      "Repeat the call with the same key: the repeat is a new message. If `message` may have been sent, look at its status first.",
    from: { send: true },
  },
  OutcomeUnknown: {
    when: "The sender stopped although the message may have been sent.",
    whatToDo: "Wait for a status webhook, or resolve the message: `resend` may send it twice, `abandon` gives up.",
    from: { send: true },
  },
  OutcomeUnrecorded: {
    when: "The store was lost while the message was being sent. It may have been sent.",
    whatToDo: "Look at the message's status once the store is back. It is recorded then.",
    from: { send: true },
  },
  Queued: {
    when: "The message under this key was enqueued, and is not finished.",
    whatToDo: "Look at the message's status. It is sent in the background.",
    from: { send: true },
  },
  PauseNotFound: {
    when: "The pause does not exist, has ended, or is not one that the given tenants have made.",
    whatToDo: "List what is paused.",
    from: { resume: true },
  },
  MessageNotFound: {
    when: "The message does not exist, or belongs to another tenant.",
    whatToDo: "Check the id. Finished messages are deleted after the retention time.",
    from: { find: true, resolve: true, cancel: true, replayHistoryOf: true },
  },
  Conflict: {
    when: "The message's state does not allow the action: only an unknown message can be abandoned, only an unknown or failed one resent, only a queued one canceled. The history can be delivered again only of a message that was sent, and not of a person who was erased.",
    whatToDo: "Look at the status of `message`.",
    from: { resolve: true, cancel: true, replayHistoryOf: true },
  },
  InvalidRecipient: {
    when: "`to` is neither a phone number in E.164 format nor a user id.",
    whatToDo: "Correct it.",
    from: { erase: true },
  },
  PersonInUse: {
    when: "A message to the person is being sent. Everything else was erased.",
    whatToDo: "Repeat the call once the messages in `messageIds` have ended.",
    from: { erase: true },
  },
  NoWebhookReceiver: {
    when: "Webhooks cannot be forwarded: the sender was created without a receiver.",
    whatToDo: "Set `WEBHOOK_FORWARD_URL`, or give the sender the port `webhookForwarding`.",
    from: { forwardWebhooks: true },
  },
  RequestRefused: {
    when: "WhatsApp rejected the request; `failure` says why.",
    whatToDo: "Follow `failure.advice`.",
    from: { markRead: true, uploadMedia: true },
  },
  RequestFailed: {
    when: "WhatsApp was unreachable, did not answer, or answered with a temporary error.",
    whatToDo: "Repeat the call. This does no harm.",
    from: { markRead: true, uploadMedia: true },
  },
  RequestUnknown: {
    when: "An attempt had no readable answer, and no later attempt settled it. WhatsApp may have carried it out.",
    whatToDo: "Repeat the call. This does no harm.",
    from: { markRead: true, uploadMedia: true },
  },
  Aborted: {
    when: "The sender shut down while WhatsApp was working on the request.",
    whatToDo: "Repeat the call. This does no harm.",
    from: { uploadMedia: true },
  },
  MediaInvalid: {
    when: "WhatsApp does not support the file's type, or its content is not of the declared type.",
    whatToDo: "Correct the file or its type; `detail` says what is wrong.",
    from: { uploadMedia: true },
  },
  MediaTooLarge: {
    when: "The file is larger than WhatsApp allows for its type, `largestBytes`.",
    whatToDo: "Upload a smaller file.",
    from: { uploadMedia: true },
  },
  ContentFailed: {
    when: "The content ended early or failed. Nothing was kept.",
    whatToDo: "Repeat the upload with the whole content.",
    from: { uploadMedia: true },
  },
  ContentTooSlow: {
    when: "The content came too slowly: no piece in 30 s, under 1 KB a second, over ten minutes in all, or under 64 KB a second while another upload waited.",
    whatToDo: "Repeat the upload over a faster connection.",
    from: { uploadMedia: true },
  },
};
