//! Fingerprints as words, to be read aloud and compared: a word of two lists for each byte.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// Korean words of two syllables, one for each value of a byte.
const KOREAN: &str = "가게 가구 가루 가방 가슴 가을 가위 가족 가지 간식 간장 갈대 갈색 감자 강물 강변 개미 거실 거울 거위 건물 걸음 겨울 결혼 경기 계단 계란 고개 고래 고모 고향 골목 \
공기 공부 공원 공책 과일 과자 관광 교실 교육 구두 구름 국수 국화 군인 굴뚝 귀신 그네 그늘 그릇 그림 극장 금관 기둥 기린 기름 기억 기차 김치 까치 꽃병 꿈길 나라 \
나루 나무 나물 나비 나팔 낙엽 낙타 난로 날개 날씨 남매 남산 낭만 내일 냄비 냉면 노래 노을 녹차 논밭 농부 누나 눈물 눈썹 다리 다음 단추 달력 달빛 담장 당근 대문 \
대추 도로 도끼 도시 도장 독서 돌담 동굴 동생 동화 돼지 두부 두유 등대 등산 딸기 라면 레몬 로켓 리본 마늘 마당 마루 마을 마차 만두 망치 매미 머리 먼지 메밀 모래 \
모자 목장 목수 목욕 무릎 무용 무대 문어 물감 물결 물병 미소 미역 민속 바늘 바다 바람 바위 바지 박수 반지 발판 밤하 방석 배꼽 배추 백조 버섯 번개 벌집 벽돌 별빛 \
병원 보람 보리 보석 복도 봄날 봉투 부엌 부채 북극 분수 분필 불빛 비누 비단 비행 빗물 빨래 사과 사랑 사막 사슴 사자 사진 산책 새벽 생일 서랍 석류 선물 설탕 섬유 \
성냥 세수 소금 소풍 손님 손뼉 송편 수박 수저 수첩 숙제 술래 숲길 시계 시골 시장 식탁 신문 신발 실내 아침 안개 안경 앞산 약국 양말 양초 어깨 언덕 얼굴 여름 여우 \
연못 연필 열매 염소 엽서 영화 예술 오리 오후 옥상 온천 옷장 왕관 외투 요리 용기 우산 우유 우표 운동 원두 유리 은행 음악 이불 이슬 인형 일기 자두 잔디 장미 전화";

/// English words, one for each value of a byte.
const ENGLISH: &str = "acorn actor album alley amber angel ankle apple apron arrow aunt autumn bacon badge bagel bakery balloon bamboo banana banjo barley barrel basin basket beach beaver bell berry bicycle bishop blanket blossom \
board bonnet border bottle boulder bracket branch bread breeze bridge brook broom brush bucket buffalo bugle butter button cabin cactus camel camera canal candle canoe canvas carbon cargo carpet carrot castle cattle \
cedar cellar chain chalk chapel cherry chimney circle citrus clay clover coach cobalt coffee collar comet copper coral cotton cousin cradle crane crayon cricket crown crystal cushion cycle daisy dancer dawn desert \
dinner doctor dolphin donkey door dragon drawer dream drum eagle earth easel echo elbow elder ember engine envelope fabric falcon farmer feather fence ferry fiddle field finger flag flame flute forest fossil \
fountain fox galaxy garden garlic gate ginger glacier globe glove goat gold goose grape gravel guitar hammer harbor harvest hazel helmet heron hill honey horse hotel house igloo ink iris island ivory \
jacket jasmine jelly jewel jigsaw jungle kettle king kitchen kite ladder lake lamp lantern lemon letter lily linen lion lizard lobster locket lumber magnet mango maple marble market meadow melon mirror mitten \
moon mountain mushroom napkin needle nest noodle north oak oasis ocean olive onion orange orchid otter oven owl oyster paddle painter palace panda paper parrot pasta peach pebble pencil pepper piano pigeon \
pillow pilot planet plum pocket pony potato prairie pumpkin puzzle quilt rabbit radio raft rainbow ribbon river robin rocket rose saddle sailor salad sandal school shadow shell silver spoon summer tiger violin";

fn spell(list: &str, bytes: &[u8]) -> Vec<String> {
    let word = |byte: &u8| list.split_whitespace().nth(usize::from(*byte));
    bytes
        .iter()
        .filter_map(word)
        .map(ToOwned::to_owned)
        .collect()
}

/// The bytes as Korean words.
#[must_use]
pub fn korean(bytes: &[u8]) -> Vec<String> {
    spell(KOREAN, bytes)
}

/// The bytes as English words.
#[must_use]
pub fn english(bytes: &[u8]) -> Vec<String> {
    spell(ENGLISH, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_byte_has_a_word_of_its_own_in_both_languages() {
        let all: Vec<u8> = (0..=255).collect();
        for words in [korean(&all), english(&all)] {
            assert_eq!(words.len(), 256);
            let mut seen = BTreeSet::new();
            let twice: Vec<_> = words.iter().filter(|word| !seen.insert(*word)).collect();
            assert!(twice.is_empty(), "twice: {twice:?}");
        }
    }
}
