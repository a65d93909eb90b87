# For tools that expect node-gyp: its one action is the build that `npm run build:native` runs.
{
  "targets": [
    {
      "target_name": "sts_native_addon",
      "type": "none",
      "actions": [
        {
          "action_name": "build_with_cmake",
          "inputs": ["CMakeLists.txt", "<!@(find native -type f)"],
          "outputs": ["<(PRODUCT_DIR)/sts_native.node"],
          "action": ["node", "scripts/bootstrap/main.mjs", "--only", "native"],
        },
      ],
    },
  ],
}
