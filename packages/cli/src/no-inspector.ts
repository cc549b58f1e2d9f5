// Node opens its inspector at SIGUSR1, and with it everything in this process, to whoever may connect to loopback.
process.on("SIGUSR1", () => {});
