#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    hanpyo_testkit::decoders::witness(bytes);
});
