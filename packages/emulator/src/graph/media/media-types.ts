const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** The maximum size of each media type in bytes (Cloud API, "Supported media types"). */
export const mediaLimits: Readonly<Record<string, number>> = {
  "image/jpeg": 5 * megabyte,
  "image/png": 5 * megabyte,
  "image/webp": 500 * kilobyte,
  "video/mp4": 16 * megabyte,
  "video/3gpp": 16 * megabyte,
  "audio/aac": 16 * megabyte,
  "audio/amr": 16 * megabyte,
  "audio/mpeg": 16 * megabyte,
  "audio/mp4": 16 * megabyte,
  "audio/ogg": 16 * megabyte,
  // In the list of Meta's own error [fbsamples/whatsapp-api-examples#10].
  "audio/opus": 16 * megabyte,
  "text/plain": 100 * megabyte,
  "application/pdf": 100 * megabyte,
  "application/msword": 100 * megabyte,
  "application/vnd.ms-excel": 100 * megabyte,
  "application/vnd.ms-powerpoint": 100 * megabyte,
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100 * megabyte,
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100 * megabyte,
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100 * megabyte,
};

/** The type without its parameters, such as `; codecs=opus`. */
export function bareType(mimeType: string): string {
  return (mimeType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
