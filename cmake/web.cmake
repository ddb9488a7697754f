# web_pages(<room>) puts the pages of web/ into the room's library: they are built by Vite, compressed and taken
# in as they are, by .incbin. tools/web.sh does it; it needs npm, and MEMSNAP_WEB=OFF does without.
function(web_pages room)
  set(out ${PROJECT_BINARY_DIR}/web)
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/src/* ${PROJECT_SOURCE_DIR}/web/public/*)
  add_custom_command(OUTPUT ${out}/assets.cc
    COMMAND ${PROJECT_SOURCE_DIR}/tools/web.sh build ${out}
    DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/tools/web.sh ${PROJECT_SOURCE_DIR}/web/index.html
      ${PROJECT_SOURCE_DIR}/web/vite.config.ts ${PROJECT_SOURCE_DIR}/web/tsconfig.json
      ${PROJECT_SOURCE_DIR}/web/package-lock.json ${PROJECT_SOURCE_DIR}/third_party/package-lock.json
    COMMENT "Building the pages" VERBATIM)
  file(MAKE_DIRECTORY ${out})
  target_sources(${room} PRIVATE ${out}/assets.cc)
endfunction()
