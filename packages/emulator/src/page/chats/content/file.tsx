import type { Html } from "@message-sender/pages";

import type { PageData } from "../../page-data.ts";
import { type Fields, Link, Marked, textOf } from "./parts.tsx";

type Media = Pick<PageData, "state">;

/** A picture, video, audio, document or sticker: what was uploaded is shown, what is elsewhere is linked. */
export function File({ kind, file, data }: { kind: string; file: Fields; data: Media }): Html {
  const caption = textOf(file, "caption");
  return (
    <>
      <Shown kind={kind} file={file} data={data} />
      {caption !== undefined && (
        <span class="caption">
          <Marked text={caption} />
        </span>
      )}
    </>
  );
}

function Shown({ kind, file, data }: { kind: string; file: Fields; data: Media }): Html {
  const link = textOf(file, "link");
  const id = textOf(file, "id");
  const name = textOf(file, "filename") ?? names[kind] ?? "File";
  if (link !== undefined) {
    return (
      <Card icon={icons[kind]} title={name}>
        <Link href={link}>{link}</Link>
      </Card>
    );
  }
  const kept = id === undefined ? undefined : data.state().media.find(id);
  if (!kept) {
    return (
      <Card icon={icons[kind]} title={name}>
        <span class="muted">{id === undefined ? "No file" : `The file ${id} is not kept here.`}</span>
      </Card>
    );
  }
  const src = `/__emulator/media/${encodeURIComponent(kept.id)}`;
  if (kind === "image" || kind === "sticker") {
    return <img class={kind} src={src} alt={textOf(file, "caption") ?? names[kind] ?? ""} loading="lazy" />;
  }
  if (kind === "video") return <video class="video" src={src} controls preload="metadata" aria-label="Video" />;
  if (kind === "audio") {
    const isVoice = file["voice"] === true;
    return (
      <span class="audio">
        {isVoice ? "🎤 " : "🎵 "}
        <audio src={src} controls preload="metadata" aria-label={isVoice ? "Voice message" : "Audio"} />
      </span>
    );
  }
  return (
    <Card icon={icons[kind]} title={kept.filename || name}>
      <a href={src} download={kept.filename || name}>
        {sizeOf(kept.size)} · {kept.mimeType}
      </a>
    </Card>
  );
}

/** Something that is not text: an icon, a title, and what there is to say. */
export function Card({
  icon = "📄",
  title,
  children,
}: {
  icon?: string | undefined;
  title: string;
  children?: unknown;
}): Html {
  return (
    <span class="card">
      <span class="card-icon" aria-hidden="true">
        {icon}
      </span>
      <span class="card-text">
        <strong>{title}</strong>
        {children}
      </span>
    </span>
  );
}

const names: Readonly<Record<string, string>> = {
  image: "Picture",
  video: "Video",
  audio: "Audio",
  document: "Document",
  sticker: "Sticker",
};
const icons: Readonly<Record<string, string>> = {
  image: "🖼️",
  video: "🎬",
  audio: "🎵",
  document: "📄",
  sticker: "🏷️",
};

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
