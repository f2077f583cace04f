;; Products of one query with many vectors of 8-bit numbers. Made into scan-wasm.ts by `node scripts/wasm.mjs`.
(module
  (memory (export "memory") 1)
  ;; query: `chunks` times 16 numbers of 16 bits; vectors: `count` times `chunks` times 16 bytes, one after another; to `scores` go `count`
  ;; numbers of 32 bits. All are byte addresses in the memory.
  (func (export "scan") (param $query i32) (param $vectors i32) (param $count i32) (param $chunks i32) (param $scores i32)
    (local $end i32) (local $chunk i32) (local $at i32) (local $bytes v128) (local $sum v128)
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $vector
        (br_if $done (i32.ge_u (local.get $scores) (local.get $end)))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (local.set $at (local.get $query))
        (local.set $chunk (local.get $chunks))
        (loop $next
          (local.set $bytes (v128.load (local.get $vectors)))
          (local.set $sum
            (i32x4.add
              (local.get $sum)
              (i32x4.add
                (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load (local.get $at)))
                (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=16 (local.get $at))))))
          (local.set $vectors (i32.add (local.get $vectors) (i32.const 16)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br_if $next (local.tee $chunk (i32.sub (local.get $chunk) (i32.const 1)))))
        (i32.store
          (local.get $scores)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
            (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (br $vector)))))
