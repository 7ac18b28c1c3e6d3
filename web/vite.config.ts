import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running service; the built page always talks to its own origin. */
const SERVICE = "http://127.0.0.1:8000";

export default defineConfig({
  base: "./", // beside /graphql, below whatever path a proxy puts the service
  plugins: [react()],
  server: { proxy: { "/graphql": { target: SERVICE, ws: true } } },
  build: {
    target: "es2022",
    // Monaco is one big chunk on purpose: it is fetched once, after the header is already on the screen.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // "use no memo" in GraphiQL's modules speaks to a compiler that has already run.
      onwarn: (warning, warn) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && warn(warning),
    },
  },
});
