import { randomBytes } from "node:crypto";

import { tenantsJsonSchema } from "@message-sender/http-adapter/outbound";

/** A file that `init` writes. */
export interface StarterFile {
  readonly name: string;
  readonly text: string;
  /** Only its owner may read it. */
  readonly isSecret: boolean;
}

const schemaName = "tenants.schema.json";

/** The files that a new server starts from, with secrets that no other server has. */
export function starterFiles(): readonly StarterFile[] {
  return [
    { name: ".env", text: envText(), isSecret: true },
    { name: "tenants.yaml", text: tenantsText(), isSecret: true },
    { name: schemaName, text: `${JSON.stringify(tenantsJsonSchema(), null, 2)}\n`, isSecret: false },
  ];
}

function envText(): string {
  return `# Settings of Message Sender. A variable of the environment wins over its line here.
# \`message-sender config\` prints all settings, and \`message-sender doctor\` checks them.

# Messages are kept in the SQLite file message-sender.db of the working folder, those of a sandbox in memory. For PostgreSQL:
#DATABASE_URL=postgres://user:password@host:5432/database

# Tenants, their access tokens and quotas. In their place: TENANT_SERVICE_URL, the service that knows them.
TENANTS_FILE=tenants.yaml

# API keys: \`message-sender keys create\` makes the file. Without keys the server listens on loopback only.
API_KEYS_FILE=api-keys.json

# The address to listen on. 0.0.0.0 is every address of this machine.
#HOST=0.0.0.0
#PORT=3000

# Where commands such as \`message-sender status\` find the server.
#MESSAGE_SENDER_URL=http://127.0.0.1:3000

# Webhooks of WhatsApp: the app secret is in Meta's App Dashboard, under App settings > Basic. The verify token was made for this
# file: enter it in the dashboard with the callback URL. Set both or neither.
#WHATSAPP_APP_SECRET=
#WHATSAPP_VERIFY_TOKEN=${randomBytes(24).toString("base64url")}

# Where status callbacks go, and the secret that signs them, made for this file. The receiver needs it too. Set both or neither.
# A receiver on this machine or a private network also needs CALLBACK_ALLOW_PRIVATE=on.
#STATUS_CALLBACK_URL=https://crm.example.com/whatsapp-statuses
#CALLBACK_SECRET=${signingSecret()}

# Where sent messages are reported.
#CONVERSATION_SERVICE_URL=https://conversations.example.com

# The bearer token for the Tenant Service and the Conversation Service, made for this file. They must accept it.
#SERVICE_TOKEN=${randomBytes(32).toString("base64url")}
`;
}

function tenantsText(): string {
  return `# yaml-language-server: $schema=${schemaName}
# Who may send. A running server follows a change within a second. The file holds access tokens: keep it at mode 600.
tenants:
  # The tenant's id, as requests name it in tenant_id.
  acme:
    # How many messages it may send per day or month. With none, the count never starts anew.
    quota: { limit: 1000, period: month }
    # Its phone numbers, by the id that requests name in outlet_id.
    outlets:
      jakarta-1:
        # The token of a system user, from Meta Business Suite. The one in the App Dashboard, under API Setup, lasts about a day.
        waba_access_token: replace-with-your-access-token
        phone_number_id: "106540352242922"
        # The id of the WhatsApp Business Account, if you know it.
        #waba_id: "102290129340398"
    # A receiver of its own for status callbacks. The secret was made for this file.
    #status_callback_url: https://acme.example.com/whatsapp-statuses
    #secret: ${signingSecret()}
`;
}

function signingSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
